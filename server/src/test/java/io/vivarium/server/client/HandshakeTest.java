/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.auth.AccessCheck;
import io.vivarium.server.auth.AuthConfig;
import io.vivarium.server.auth.AuthRequirement;
import io.vivarium.server.auth.AuthSchemes;
import io.vivarium.server.pipeline.CoreRoute;
import io.vivarium.server.pipeline.ReadService;
import io.vivarium.server.pipeline.ServiceMode;
import io.vivarium.server.pipeline.TreeGate;
import io.vivarium.server.pipeline.WatchService;
import io.vivarium.server.session.SessionTimeouts;
import io.vivarium.server.tree.TreeConfig;
import io.vivarium.server.tree.ZnodeTree;
import io.vivarium.server.watch.WatchTable;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said to a connect request before the core is asked (spec client-protocol 2.2). */
class HandshakeTest {
    private static final long OUR_ZXID = 0x1_0000_0005L;

    private ServiceMode service = ServiceMode.EVERYBODY;
    private final ClientPort port = port();

    private ClientPort port() {
        AuthSchemes schemes = AuthSchemes.of(AuthConfig.DEFAULT);
        AccessCheck access = new AccessCheck(schemes, AuthConfig.DEFAULT);
        ZnodeTree tree = new ZnodeTree(TreeConfig.DEFAULT);
        WatchService watches = new WatchService(new WatchTable(), tree, access);
        return new ClientPort(
                new ClientPort.Limits(4096, 4096, 1000, 4096),
                new CoreRoute(message -> {}),
                new TreeGate(),
                new ReadService(tree, access, schemes, watches, 1 << 20),
                watches,
                schemes,
                AuthRequirement.of(AuthConfig.DEFAULT, schemes),
                new SessionTimeouts(4000, 40_000),
                new Admission(1000, 1 << 20),
                new LargeRequests(-1, Long.MAX_VALUE),
                new ConnectionThrottle(ConnectionThrottle.Config.OFF, new SplittableRandom(1), 0),
                new NoCommands(),
                () -> service,
                () -> OUR_ZXID,
                () -> 0,
                () -> 0);
    }

    private static final class NoCommands implements TextCommands {
        @Override
        public boolean isCommand(int word) {
            return false;
        }

        @Override
        public int argumentBytes(int word) {
            return 0;
        }

        @Override
        public void run(int word, byte[] argument, InetSocketAddress asker, Consumer<String> answer) {
            answer.accept("");
        }
    }

    private static byte[] bytesOf(ConnectRequest request) {
        JuteWriter out = new JuteWriter(64);
        request.write(out);
        return out.toByteArray();
    }

    private static ConnectRequest request(long seenZxid, int timeoutMillis) {
        return new ConnectRequest(0, seenZxid, timeoutMillis, 7, new byte[16], false, true);
    }

    private Handshake.Verdict judge(byte[] bytes) {
        return Handshake.judge(new JuteReader(ByteBuffer.wrap(bytes), 4096), port);
    }

    @ParameterizedTest
    @CsvSource({"10000, 10000", "0, 4000", "-5, 4000", "2147483647, 40000"})
    void theTimeoutIsBroughtIntoTheRange(int asked, int granted) {
        Handshake.Verdict verdict = judge(bytesOf(request(OUR_ZXID, asked)));
        assertThat(verdict).isInstanceOfSatisfying(Handshake.Verdict.Proceed.class, proceed -> {
            assertThat(proceed.timeoutMillis()).isEqualTo(granted);
            assertThat(proceed.request().sessionId()).isEqualTo(7);
        });
    }

    @Test
    void aClientThatHasSeenMoreMustGoElsewhere() {
        assertThat(judge(bytesOf(request(OUR_ZXID + 1, 10_000))))
                .isInstanceOfSatisfying(Handshake.Verdict.Close.class, close -> assertThat(close.reason())
                        .contains("0x100000006")
                        .contains("0x100000005"));
    }

    @Test
    void nobodyIsLetInWhileTheServerDoesNotServe() {
        service = ServiceMode.NOBODY;
        assertThat(judge(bytesOf(request(0, 10_000)))).isInstanceOf(Handshake.Verdict.Close.class);
    }

    @Test
    void aReadOnlyServerTakesWhoeverAsksForNoMore() {
        service = ServiceMode.READ_ONLY;
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
