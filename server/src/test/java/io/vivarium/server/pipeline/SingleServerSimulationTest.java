/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.server.metrics.Metrics;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.session.SessionIds;
import io.vivarium.server.sim.check.Checks;
import io.vivarium.server.sim.check.SyncPromise;
import io.vivarium.server.sim.client.ClientConfig;
import io.vivarium.server.sim.client.ClientFrame;
import io.vivarium.server.sim.client.ServerEnd;
import io.vivarium.server.sim.client.SimClient;
import io.vivarium.server.sim.client.SimServer;
import io.vivarium.server.watch.WatchTable;
import io.vivarium.server.watch.Watcher;
import io.vivarium.testkit.sim.EventScheduler;
import io.vivarium.testkit.sim.LinkProfile;
import io.vivarium.testkit.sim.Seeds;
import io.vivarium.testkit.sim.SimAddress;
import io.vivarium.testkit.sim.SimNetwork;
import io.vivarium.testkit.sim.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One server without an ensemble, under many clients whose connections break: clients, checkers and server agree. */
class SingleServerSimulationTest {
    private static final long SECOND = 1_000_000_000L;
    private static final SimAddress ADDRESS = new SimAddress("server", 2181);

    static LongStream seeds() {
        return Seeds.of(3, 1);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatClientsSeeIsWhatTheModelSays(long seed) {
        RandomGenerator dice = Seeds.random(seed);
        EventScheduler scheduler = new EventScheduler(new VirtualTime(), () -> {});
        Checks checks = new Checks(seed, scheduler::nowNanos, GivenTree.RULES, SyncPromise.ALWAYS);
        SimNetwork<ClientFrame> network = new SimNetwork<>(scheduler, Seeds.fork(dice), LinkProfile.LAN);
        Single single = new Single(scheduler, Seeds.fork(dice), checks);
        network.listen(ADDRESS, ServerEnd.door(single, scheduler, Seeds.fork(dice)));
        List<SimClient> clients = new ArrayList<>();
        for (int id = 1; id <= 5; id++) {
            clients.add(new SimClient(
                    id, scheduler, network, List.of(ADDRESS), Seeds.fork(dice), ClientConfig.USUAL, checks));
        }
        clients.forEach(SimClient::start);
        for (int round = 0; round < 30; round++) {
            scheduler.runFor(dice.nextLong(6 * SECOND));
            String host = SimClient.hostOf(1 + dice.nextInt(5));
            if (dice.nextBoolean()) {
                network.reset(host, ADDRESS.host());
            } else {
                network.cut(host, ADDRESS.host());
                scheduler.after(dice.nextLong(12 * SECOND), () -> network.heal(host, ADDRESS.host()));
            }
        }
        network.heal();
        clients.forEach(SimClient::rest);
        scheduler.runFor(30 * SECOND);
        checks.atQuiescence(2 * SECOND);
        assertThat(checks.answered()).isGreaterThan(300);
        assertThat(checks.history().size()).isGreaterThan(100);
    }

    private static final class Single implements SimServer {
        private final GivenTree given = new GivenTree();
        private final TreeGate gate = new TreeGate();
        private final Recorder recorder = new Metrics().newRecorder();
        private final WatchService watches = new WatchService(new WatchTable(), given.tree, given.access, recorder);
        private final ReadService reads = new ReadService(given.tree, given.access, given.schemes, watches, 1 << 20);
        private final EventScheduler scheduler;
        private final RandomGenerator dice;
        private final Replica replica;

        Single(EventScheduler scheduler, RandomGenerator dice, Checks checks) {
            this.scheduler = scheduler;
            this.dice = dice;
            this.replica = new Replica(
                    new ReplicaParts(
                            1,
                            1 << 20,
                            LocalSessions.OFF,
                            gate,
                            given.applier,
                            given.preparer,
                            given.sessions,
                            given.expiry,
                            new SessionIds(1, GivenTree.WALL_MILLIS),
                            watches,
                            reads,
                            new ContainerReaper(given.tree, new ContainerReaper.Config(10_000, 10_000, 0)),
                            recorder),
                    applied -> checks.applied(1, applied.txn()));
            tellTime();
            replica.serveAlone(this::write);
            tick();
        }

        private void tellTime() {
            replica.at(scheduler.nowNanos(), GivenTree.WALL_MILLIS + scheduler.nowNanos() / 1_000_000);
        }

        private void tick() {
            tellTime();
            replica.endRound();
            scheduler.after(100_000_000L, this::tick);
        }

        private void write(Proposal proposal) {
            scheduler.after(dice.nextLong(5_000_000), () -> post(new CoreMessage.JournalSynced(proposal.zxid())));
        }

        private void post(CoreMessage message) {
            tellTime();
            message.deliver(replica);
            replica.endRound();
        }

        @Override
        public long sid() {
            return 1;
        }

        @Override
        public void execute(Runnable work) {
            work.run();
        }

        @Override
        public long nowNanos() {
            return scheduler.nowNanos();
        }

        @Override
        public ServiceMode service() {
            return ServiceMode.EVERYBODY;
        }

        @Override
        public long lastZxid() {
            return given.tree.lastZxid();
        }

        @Override
        public int negotiate(int timeoutMillis) {
            return timeoutMillis;
        }

        @Override
        public RequestRoute route() {
            return new RequestRoute() {
                @Override
                public void openSession(SessionRequest request) {
                    post(request);
                }

                @Override
                public void submit(WriteRequest request) {
                    post(request);
                }

                @Override
                public void awaken() {}

                @Override
                public void standIn() {}

                @Override
                public void ended(ClientLink link) {
                    post(new CoreMessage.Disconnected(link));
                }
            };
        }

        @Override
        public ReadService reads() {
            return reads;
        }

        @Override
        public TreeGate gate() {
            return gate;
        }

        @Override
        public void forgetWatches(Watcher watcher) {
            watches.removeAll(watcher);
        }
    }
}
