/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.vote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.jute.MalformedDataException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoteHandshakeTest {
    private static final byte[] V1_OF_393 = hex(
            "ff ff ff ff ff ff 00 00 00 00 00 00 00 00 00 02 00 00 00 0f 31 32 37 2e 30 2e 30 2e 31 3a 32 31 34 32 32");

    @Test
    void capturedMessageOf393IsReadAndWrittenByteForByte() {
        VoteHandshake message = VoteHandshake.v1(2, address("127.0.0.1", 21422));
        assertThat(message.encode()).isEqualTo(V1_OF_393);
        assertThat(VoteHandshake.tryDecode(ByteBuffer.wrap(V1_OF_393))).isEqualTo(message);
    }

    @Test
    void capturedMessageOf3414IsABareSid() {
        byte[] bytes = hex("0000000000000002");
        VoteHandshake message = new VoteHandshake(VoteHandshake.Format.BARE, 2, List.of());
        assertThat(VoteHandshake.tryDecode(ByteBuffer.wrap(bytes))).isEqualTo(message);
        assertThat(message.encode()).isEqualTo(bytes);
    }

    @Test
    void secondVersionCarriesAllAddresses() {
        VoteHandshake message = new VoteHandshake(
                VoteHandshake.Format.V2, 1, List.of(address("10.0.0.1", 3888), address("10.1.0.1", 3888)));
        byte[] bytes = message.encode();
        assertThat(Arrays.copyOf(bytes, 23)).isEqualTo(hex("ffffffffffff0001 0000000000000001 0000001b 31302e"));
        assertThat(VoteHandshake.tryDecode(ByteBuffer.wrap(bytes))).isEqualTo(message);
    }

    @Test
    void addressOfIpVersionSixStandsInBrackets() {
        VoteHandshake message = VoteHandshake.v1(3, address("::1", 3888));
        assertThat(new String(message.encode(), StandardCharsets.UTF_8)).endsWith("[::1]:3888");
        assertThat(VoteHandshake.tryDecode(ByteBuffer.wrap(message.encode()))).isEqualTo(message);
    }

    @Test
    void nothingIsConsumedUntilTheWholeMessageIsThere() {
        for (int length = 0; length < V1_OF_393.length; length++) {
            ByteBuffer part = ByteBuffer.wrap(V1_OF_393, 0, length);
            assertThat(VoteHandshake.tryDecode(part)).isNull();
            assertThat(part.position()).isZero();
        }
    }

    @Test
    void bytesOfTheFirstFrameAreLeftAlone() {
        ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOf(V1_OF_393, V1_OF_393.length + 4));
        assertThat(VoteHandshake.tryDecode(bytes)).isNotNull();
        assertThat(bytes.remaining()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fffffffffffffffe",
                "ffffffffffff0002",
                "8000000000000000",
                "ffffffffffff0000 0000000000000002 00000000",
                "ffffffffffff0000 0000000000000002 ffffffff",
                "ffffffffffff0000 0000000000000002 00000801",
                "ffffffffffff0000 ffffffffffffffff 00000001",
            })
    void headersThatNoServerSendsAreRefused(String bytes) {
        assertThatExceptionOfType(MalformedDataException.class)
                .isThrownBy(() -> VoteHandshake.tryDecode(ByteBuffer.wrap(hex(bytes))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:", ":1", "a:b", "a:1:2", "a:1|", "|", "[::1]", "::1:99", "a:70000", "a:-1"})
    void addressTextThatIsNotHostAndPortIsRefused(String text) {
        byte[] address = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(20 + address.length)
                .putLong(-65536)
                .putLong(2)
                .putInt(address.length)
                .put(address)
                .flip();
        assertThatExceptionOfType(MalformedDataException.class)
                .isThrownBy(() -> VoteHandshake.tryDecode(bytes))
                .withMessageContaining("host:port");
    }

    @Test
    void weNeverSendWhatAPeerWouldRefuse() {
        assertThatIllegalArgumentException().isThrownBy(() -> VoteHandshake.v1(-1, address("a", 1)));
        assertThatIllegalArgumentException().isThrownBy(() -> VoteHandshake.v1(1, address("a".repeat(2047), 1))
                .encode());
    }

    private static HostPort address(String host, int port) {
        return new HostPort(host, port);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
}
