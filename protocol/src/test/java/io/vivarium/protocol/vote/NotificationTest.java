/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.vote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vivarium.protocol.jute.MalformedDataException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationTest {
    /** Spec election 9.1: the configuration in the captured message of server 2. */
    private static final String CONFIG = """
            server.1=127.0.0.1:21467:21437:participant
            server.2=127.0.0.1:21412:21422:participant
            server.3=127.0.0.1:21469:21439:participant
            version=0""";

    private static final String LOOKING_393 = """
            00 00 00 00 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01
            00 00 00 00 00 00 00 00 00 00 00 02 00 00 00 8a
            73 65 72 76 65 72 2e 31 3d 31 32 37 2e 30 2e 30 2e 31 3a 32 31 34 36 37 3a 32 31 34 33 37 3a 70
            61 72 74 69 63 69 70 61 6e 74 0a 73 65 72 76 65 72 2e 32 3d 31 32 37 2e 30 2e 30 2e 31 3a 32 31
            34 31 32 3a 32 31 34 32 32 3a 70 61 72 74 69 63 69 70 61 6e 74 0a 73 65 72 76 65 72 2e 33 3d 31
            32 37 2e 30 2e 30 2e 31 3a 32 31 34 36 39 3a 32 31 34 33 39 3a 70 61 72 74 69 63 69 70 61 6e 74
            0a 76 65 72 73 69 6f 6e 3d 30""";

    @Test
    void capturedLookingVoteOf393IsReadAndWrittenByteForByte() {
        Notification vote = Notification.of(PeerState.LOOKING, 2, 0, 1, 0, CONFIG);
        assertThat(decode(hex(LOOKING_393))).isEqualTo(vote);
        assertThat(vote.encode(NotificationLayout.CONFIG))
                .isEqualTo(hex(LOOKING_393))
                .hasSize(182);
    }

    @ParameterizedTest
    @CsvSource({
        "LOOKING,   0, 00000000 0000000000000002 0000000000000000 0000000000000001 0000000000000000 00000001",
        "FOLLOWING, 1, 00000001 0000000000000002 0000000000000000 0000000000000001 0000000000000001 00000001",
        "LEADING,   1, 00000002 0000000000000002 0000000000000000 0000000000000001 0000000000000001 00000001"
    })
    void capturedVotesOf3414CountAsVersionZeroAlthoughTheySayOne(PeerState state, long epoch, String body) {
        Notification vote = decode(hex(body));
        assertThat(vote).isEqualTo(new Notification(state, 2, 0, 1, epoch, 0, ""));
        assertThat(vote.encode(NotificationLayout.VERSIONED)).isEqualTo(hex(body));
    }

    @Test
    void oldestLayoutTakesTheEpochFromTheZxid() {
        Notification vote = new Notification(PeerState.LOOKING, 1, 0x7_0000_0009L, 4, 7, 0, "");
        byte[] body = vote.encode(NotificationLayout.EPOCHLESS);
        assertThat(body).hasSize(28);
        assertThat(decode(body)).isEqualTo(vote);
    }

    @Test
    void observersVoteIsTheSmallestLongEverywhere() {
        byte[] body =
                hex("00000000 8000000000000000 8000000000000000 0000000000000001 8000000000000000 00000002 00000000");
        assertThat(decode(body))
                .isEqualTo(Notification.of(PeerState.LOOKING, Long.MIN_VALUE, Long.MIN_VALUE, 1, Long.MIN_VALUE, ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void codesWithoutMeaningAreUnknownAndNotRefused(int code) {
        byte[] body = Notification.of(PeerState.LOOKING, 1, 0, 1, 0, CONFIG).encode(NotificationLayout.CONFIG);
        ByteBuffer.wrap(body).putInt(0, code);
        assertThat(decode(body).state()).isEqualTo(PeerState.UNKNOWN);
    }

    @Test
    void bytesAfterTheConfigurationAreIgnored() {
        byte[] body = Notification.of(PeerState.LOOKING, 1, 0, 1, 0, CONFIG).encode(NotificationLayout.CONFIG);
        assertThat(decode(Arrays.copyOf(body, body.length + 3)).config()).isEqualTo(CONFIG);
    }

    @Test
    void bodiesOfOtherLengthsWithAnOldVersionHaveNoConfiguration() {
        byte[] body = Arrays.copyOf(
                new Notification(PeerState.LOOKING, 1, 0, 1, 0, 0, "").encode(NotificationLayout.VERSIONED), 60);
        assertThat(decode(body)).isEqualTo(new Notification(PeerState.LOOKING, 1, 0, 1, 0, 1, ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 12, 27, 29, 36, 39, 41, 43})
    void bodiesThatStopInsideAFieldAreRefused(int length) {
        byte[] body = Notification.of(PeerState.LOOKING, 1, 0, 1, 0, CONFIG).encode(NotificationLayout.CONFIG);
        assertThatExceptionOfType(MalformedDataException.class)
                .isThrownBy(() -> decode(Arrays.copyOf(body, length)))
                .withMessageContaining("data ends early");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 183, 139})
    void configurationLengthsThatCannotBeTrueAreRefused(int length) {
        byte[] body = hex(LOOKING_393);
        ByteBuffer.wrap(body).putInt(40, length);
        assertThatExceptionOfType(MalformedDataException.class).isThrownBy(() -> decode(body));
    }

    @Test
    void anyBytesAreReadOrRefused() {
        Random random = new Random(20261121);
        for (int i = 0; i < 5000; i++) {
            byte[] body = new byte[random.nextInt(120)];
            random.nextBytes(body);
            if (body.length > 44 && random.nextBoolean()) {
                ByteBuffer.wrap(body).putInt(36, 2).putInt(40, random.nextInt(100));
            }
            try {
                decode(body);
            } catch (MalformedDataException refused) {
                assertThat(refused.offset()).isBetween(0L, (long) body.length);
            }
        }
    }

    private static Notification decode(byte[] body) {
        return Notification.decode(ByteBuffer.wrap(body));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
}
