/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.pipeline.ServiceMode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said to a connect request before the core is asked (spec client-protocol 2.2). */
class HandshakeTest {
    private final Recorder recorder = new Recorder();
    private final GivenPort given = new GivenPort();

    private static byte[] bytesOf(ConnectRequest request) {
        JuteWriter out = new JuteWriter(64);
        request.write(out);
        return out.toByteArray();
    }

    private static ConnectRequest request(long seenZxid, int timeoutMillis) {
        return new ConnectRequest(0, seenZxid, timeoutMillis, 7, new byte[16], false, true);
    }

    private Handshake.Verdict judge(byte[] bytes) {
        return Handshake.judge(new JuteReader(ByteBuffer.wrap(bytes), 4096), given.port, recorder);
    }

    @ParameterizedTest
    @CsvSource({"10000, 10000", "0, 4000", "-5, 4000", "2147483647, 40000"})
    void theTimeoutIsBroughtIntoTheRange(int asked, int granted) {
        Handshake.Verdict verdict = judge(bytesOf(request(GivenPort.OUR_ZXID, asked)));
        assertThat(verdict).isInstanceOfSatisfying(Handshake.Verdict.Proceed.class, proceed -> {
            assertThat(proceed.timeoutMillis()).isEqualTo(granted);
            assertThat(proceed.request().sessionId()).isEqualTo(7);
        });
    }

    @Test
    void aClientThatHasSeenMoreMustGoElsewhere() {
        assertThat(judge(bytesOf(request(GivenPort.OUR_ZXID + 1, 10_000))))
                .isInstanceOfSatisfying(Handshake.Verdict.Close.class, close -> assertThat(close.reason())
                        .contains("0x100000006")
                        .contains("0x100000005"));
    }

    @Test
    void nobodyIsLetInWhileTheServerDoesNotServe() {
        given.service = ServiceMode.NOBODY;
        assertThat(judge(bytesOf(request(0, 10_000)))).isInstanceOf(Handshake.Verdict.Close.class);
    }

    @Test
    void aReadOnlyServerTakesWhoeverAsksForNoMore() {
        given.service = ServiceMode.READ_ONLY;
        assertThat(judge(bytesOf(request(0, 10_000)))).isInstanceOf(Handshake.Verdict.Close.class);
        assertThat(judge(bytesOf(new ConnectRequest(0, 0, 10_000, 7, new byte[16], true, true))))
                .isInstanceOf(Handshake.Verdict.Proceed.class);
    }

    @Test
    void aRequestCutAnywhereIsRefusedButForItsLastByteThatOldClientsDoNotSend() {
        byte[] whole = bytesOf(request(0, 10_000));
        for (int length = 0; length < whole.length - 1; length++) {
            assertThat(judge(Arrays.copyOf(whole, length)))
                    .as(length + " bytes")
                    .isInstanceOf(Handshake.Verdict.Close.class);
        }
        assertThat(judge(Arrays.copyOf(whole, whole.length - 1))).isInstanceOf(Handshake.Verdict.Proceed.class);
    }
}
