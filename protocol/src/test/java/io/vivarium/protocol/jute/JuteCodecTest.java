/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.jute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.protocol.jute.MalformedDataException.Kind;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec client-protocol 1. */
class JuteCodecTest {
    @Test
    void integersAreBigEndian() {
        JuteWriter out = new JuteWriter(16);
        out.writeInt(0x01020304);
        out.writeLong(-2);
        assertThat(hex(out)).isEqualTo("01020304fffffffffffffffe");
    }

    @Test
    void nullAndEmptyStringsAndBuffersDiffer() {
        JuteWriter out = new JuteWriter(16);
        out.writeString(null);
        out.writeString("");
        out.writeBuffer(null);
        out.writeBuffer(new byte[0]);
        assertThat(hex(out)).isEqualTo("ffffffff00000000ffffffff00000000");
        JuteReader in = JuteReader.of(out.toByteArray());
        assertThat(in.readString()).isNull();
        assertThat(in.readString()).isEmpty();
        assertThat(in.readBuffer()).isNull();
        assertThat(in.readBuffer()).isEmpty();
    }

    @Test
    void stringsAreUtf8AndSurviveHeapAndDirectBuffers() {
        String text = "/größe/木\uFFFD";
        JuteWriter out = new JuteWriter(16);
        out.writeString(text);
        assertThat(JuteReader.of(out.toByteArray()).readString()).isEqualTo(text);
        ByteBuffer direct = ByteBuffer.allocateDirect(out.size());
        direct.put(out.toByteArray()).flip();
        assertThat(new JuteReader(direct, 100).readString()).isEqualTo(text);
    }

    @Test
    void malformedUtf8BecomesTheReplacementCharacter() {
        assertThat(reader("00000002c328").readString()).isEqualTo("\uFFFD(");
    }

    @Test
    void asciiIsTakenIntoAnArray() {
        byte[] into = new byte[5];
        JuteReader in = JuteReader.of(HexFormat.of().parseHex("00000002" + "2f61" + "00000000" + "2f2f2f2f"));
        assertThat(in.readAscii(into, 1)).isEqualTo(2);
        assertThat(into).containsExactly(0, '/', 'a', 0, 0);
        assertThat(in.readAscii(into, 5)).isZero();
        in.rewind(4);
        assertThat(in.remaining()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "000000",
                "ffffffff", // null
                "fffffffe00",
                "000000022f", // cut off
                "000000022f00", // a zero
                "000000032fc3a9", // é
                "000000052f61616161", // longer than the array
            })
    void whatIsNotAsciiIsLeftWhereItStands(String hex) {
        JuteReader in = JuteReader.of(HexFormat.of().parseHex(hex));
        assertThat(in.readAscii(new byte[7], 3)).isEqualTo(-1);
        assertThat(in.position()).isZero();
    }

    @Test
    void everyByteButZeroIsTrue() {
        assertThat(reader("00").readBool()).isFalse();
        assertThat(reader("01").readBool()).isTrue();
        assertThat(reader("02").readBool()).isTrue();
    }

    @Test
    void vectorCountsBelowOneReadAsEmptyAndMinusOneAsNull() {
        assertThat(reader("ffffffff").readVector(JuteReader::readInt)).isNull();
        assertThat(reader("00000000").readVector(JuteReader::readInt)).isEmpty();
        assertThat(reader("fffffffe").readVector(JuteReader::readInt)).isEmpty();
        assertThat(reader("000000020000000100000002").readVector(JuteReader::readInt))
                .isEqualTo(List.of(1, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"80000000", "fffffffe", "00000065", "7fffffff"})
    void lengthsOutsideTheLimitAreRefusedWithValueLimitAndOffset(String length) {
        JuteReader in = new JuteReader(ByteBuffer.wrap(HexFormat.of().parseHex(length + "00")), 100);
        assertThatThrownBy(in::readBuffer)
                .isInstanceOfSatisfying(MalformedDataException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.BAD_LENGTH);
                    assertThat(e.offset()).isZero();
                })
                .hasMessageContaining("Unreasonable length = " + (int) Long.parseLong(length, 16))
                .hasMessageContaining("limit 100")
                .hasMessageContaining("offset 0");
    }

    @Test
    void aLengthWithinTheLimitButBeyondTheDataIsTruncation() {
        assertThatThrownBy(() -> reader("0000000461").readString())
                .isInstanceOfSatisfying(
                        MalformedDataException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRUNCATED));
    }

    @Test
    void aHugeVectorCountAllocatesNothingBeforeItsElementsAreThere() {
        assertThatThrownBy(() -> reader("7fffffff00000001").readVector(JuteReader::readLong))
                .isInstanceOf(MalformedDataException.class);
    }

    @Test
    void framesCarryTheLengthOfWhatFollows() {
        JuteWriter out = new JuteWriter(16);
        int outer = out.beginFrame();
        out.writeInt(7);
        out.endFrame(outer);
        int second = out.beginFrame();
        out.endFrame(second);
        assertThat(hex(out)).isEqualTo("000000040000000700000000");
    }

    @Test
    void theLengthLimitSaturates() {
        assertThat(JuteReader.lengthLimit(1000, 5)).isEqualTo(2024);
        assertThat(JuteReader.lengthLimit(Integer.MAX_VALUE, 5)).isEqualTo(Integer.MAX_VALUE);
    }

    private static JuteReader reader(String hex) {
        return new JuteReader(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), 1 << 20);
    }

    private static String hex(JuteWriter out) {
        return HexFormat.of().formatHex(out.toByteArray());
    }
}
