/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimNetworkTest {
    private static final SimAddress SERVER = new SimAddress("b", 1);
    private static final long SECOND = 1_000_000_000L;

    private final EventScheduler scheduler = new EventScheduler(new VirtualTime(), () -> {});
    private final SimNetwork<Integer> network = new SimNetwork<>(scheduler, Seeds.random(1), LinkProfile.LAN);
    private final Recorder client = new Recorder();
    private final Recorder server = new Recorder();

    /** Writes down what an end is told. */
    private static final class Recorder implements SimNetwork.Dialler<Integer> {
        final List<Object> heard = new ArrayList<>();

        @Nullable
        SimConnection<Integer> connection;

        @Override
        public void onConnected(SimConnection<Integer> opened) {
            connection = opened;
        }

        @Override
        public void onRefused() {
            heard.add("refused");
        }

        @Override
        public void onMessage(SimConnection<Integer> from, Integer message) {
            heard.add(message);
        }

        @Override
        public void onClosed(SimConnection<Integer> closed) {
            heard.add("closed");
        }

        SimConnection<Integer> end() {
            return Objects.requireNonNull(connection);
        }
    }

    @BeforeEach
    void connect() {
        listen();
        network.connect("a", SERVER, client);
        scheduler.runFor(SECOND);
    }

    private void listen() {
        network.listen(SERVER, accepted -> {
            server.onConnected(accepted);
            return server;
        });
    }

    @Test
    void messagesOfOneDirectionArriveInOrderAndTheCloseBehindThem() {
        for (int i = 0; i < 50; i++) {
            client.end().send(i);
        }
        client.end().close();
        scheduler.runFor(SECOND);
        assertThat(server.heard).hasSize(51).startsWith(0, 1, 2, 3).endsWith(48, 49, "closed");
        assertThat(client.heard).isEmpty();
    }

    @Test
    void aCutHoldsMessagesUntilItHeals() {
        network.cut("a", "b");
        client.end().send(1);
        client.end().send(2);
        scheduler.runFor(10 * SECOND);
        assertThat(server.heard).isEmpty();
        network.heal();
        scheduler.runFor(SECOND);
        assertThat(server.heard).containsExactly(1, 2);
    }

    @Test
    void aOneWayCutSilencesOneDirectionOnly() {
        network.cutOneWay("a", "b");
        client.end().send(1);
        server.end().send(2);
        network.connect("a", SERVER, client);
        scheduler.runFor(SECOND);
        assertThat(server.heard).isEmpty();
        assertThat(client.heard).containsExactly(2);
        network.heal("b", "a");
        scheduler.runFor(SECOND);
        assertThat(server.heard).containsExactly(1);
    }

    @Test
    void aSlowCableDelaysAndIsQuickAgainWhenHealed() {
        network.slow("a", "b", 3 * SECOND);
        client.end().send(1);
        scheduler.runFor(2 * SECOND);
        assertThat(server.heard).isEmpty();
        network.heal("a", "b");
        client.end().send(2);
        scheduler.runFor(2 * SECOND);
        assertThat(server.heard).containsExactly(1, 2);
    }

    @Test
    void aResetLosesWhatIsUnderWayAndBothEndsSeeIt() {
        client.end().send(1);
        network.reset("a", "b");
        scheduler.runFor(SECOND);
        assertThat(server.heard).containsExactly("closed");
        assertThat(client.heard).containsExactly("closed");
    }

    @Test
    void aCrashIsSeenByThePeersAndNobodyAnswersAnyMore() {
        network.crash("b");
        network.connect("a", SERVER, client);
        scheduler.runFor(SECOND);
        assertThat(client.heard).containsExactlyInAnyOrder("closed", "refused");
        assertThat(server.heard).isEmpty();
    }

    @Test
    void aMachineThatVanishedIsSilentUntilItIsBackAndDeniesTheConnection() {
        network.vanish("b");
        client.end().send(1);
        network.connect("a", SERVER, client);
        scheduler.runFor(SECOND);
        assertThat(client.heard).isEmpty();
        scheduler.runFor(10 * SECOND);
        assertThat(client.heard).containsExactly("refused");

        listen();
        client.end().send(2);
        scheduler.runFor(SECOND);
        assertThat(client.heard).containsExactly("refused", "closed");
    }
}
