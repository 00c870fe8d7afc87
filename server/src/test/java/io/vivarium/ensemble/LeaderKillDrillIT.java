/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.ServerDistribution;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The leader of three is killed without warning under a steady write load of stock clients, again and again; stock and ours
 * in turns, so that both meet the same machine.
 *
 * <pre>
 * load --kill -9 of the leader--> first write that was sent after it and is answered --> the killed one comes back --> ...
 * </pre>
 *
 * <p>A stock client waits up to a second before it tries the next server, so the time is also taken by a probe that tries all
 * members without pause: what the servers make of it. At the end every acknowledged write is there, none is there twice, no
 * session expired, and no ephemeral outlived its session. All this is asserted of ours; of stock it is told, and a stock
 * ensemble that does not find its way back is started anew, so that it can go on being compared with. {@code -Ddrill.rounds}
 * (default 4) steers it.
 */
class LeaderKillDrillIT {
    /** Many, because each waits as long as it likes before it tries another server: who comes back first tells most. */
    private static final int WRITERS = 12;

    private static final int WRITES_BETWEEN = 200;
    private static final int ROUNDS_BETWEEN_NEWS = 10;
    /** A stock ensemble takes longer and longer, and after some sixty kills finds no leader within minutes. */
    private static final int KILLS_OF_ONE_ENSEMBLE = 25;

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final int rounds = Integer.getInteger("drill.rounds", 4);

    @TempDir
    private Path directory;

    /** What was measured of one kind of server, over all its ensembles. */
    private static final class Measured {
        private final ServerDistribution distribution;
        private final boolean yardstick;
        private final List<Long> clientMillis = new ArrayList<>();
        private final List<Long> serverMillis = new ArrayList<>();
        private int startedAnew;
        private int acknowledged;
        private int inDoubt;
        private int lost;
        private int duplicated;
        private int expired;
        private int ephemerals;

        private Measured(ServerDistribution distribution, boolean yardstick) {
            this.distribution = distribution;
            this.yardstick = yardstick;
        }

        private void add(SteadyLoad.Verdict verdict, int ephemeralsLeft) {
            acknowledged += verdict.acknowledged();
            inDoubt += verdict.inDoubt();
            lost += verdict.lost();
            duplicated += verdict.duplicated();
            expired += verdict.expired();
            ephemerals += ephemeralsLeft;
        }

        private void assertSound() {
            assertThat(lost).as("acknowledged writes lost").isZero();
            assertThat(duplicated).as("writes done twice").isZero();
            assertThat(expired).as("sessions expired").isZero();
            assertThat(ephemerals).as("ephemerals left").isZero();
        }

        private String times() {
            return String.format(
                    Locale.ROOT,
                    "leader kill drill: %s, kills %d, first write after a kill: clients p50 %d ms, p99 %d ms, max %d ms;"
                            + " servers p50 %d ms, p99 %d ms, max %d ms",
                    distribution.name(),
                    clientMillis.size(),
                    percentile(clientMillis, 50),
                    percentile(clientMillis, 99),
                    percentile(clientMillis, 100),
                    percentile(serverMillis, 50),
                    percentile(serverMillis, 99),
                    percentile(serverMillis, 100));
        }

        private String verdict() {
            return String.format(
                    Locale.ROOT,
                    "; acknowledged %d, in doubt %d, lost %d, duplicated %d, sessions expired %d, ephemerals left %d,"
                            + " started anew %d",
                    acknowledged,
                    inDoubt,
                    lost,
                    duplicated,
                    expired,
                    ephemerals,
                    startedAnew);
        }
    }

    /** One ensemble under load. */
    private static final class Side implements AutoCloseable {
        private final String name;
        private final Measured measured;
        private final EnsembleProcesses ensemble;
        private final SteadyLoad load;
        private int kills;

        private Side(Measured measured, Path directory) throws Exception {
            this.measured = measured;
            ServerDistribution distribution = measured.distribution;
            name = distribution.name();
            ensemble = EnsembleProcesses.in(directory)
                    .participant(1, distribution)
                    .participant(2, distribution)
                    .participant(3, distribution)
                    .config("tickTime", "2000")
                    .config("syncLimit", "5")
                    .config("initLimit", "10")
                    .build();
            ensemble.startAll();
            ensemble.awaitAllServing();
            load = new SteadyLoad(ensemble.addresses(), WRITERS);
        }

        private void round() throws Exception {
            try {
                killLeader();
            } catch (AssertionError | ConditionTimeoutException | KeeperException e) {
                if (!measured.yardstick) {
                    throw e;
                }
                System.out.printf(
                        "leader kill drill: %s is started anew after %d kills: %s%n", name, kills, e.getMessage());
                measured.startedAnew++;
                ensemble.close();
                ensemble.startAll();
                ensemble.awaitAllServing();
            }
        }

        private void killLeader() throws Exception {
            awaitWrites(load.acknowledged() + WRITES_BETWEEN);
            EnsembleMember leader = ensemble.awaitLeader();
            // A session whose end falls into the change of leaders: its ephemeral must go all the same.
            Client closing = Client.to(ensemble.addresses());
            closing.createEphemeral("/closing-" + kills++);
            long killed = System.nanoTime();
            leader.kill9();
            long probed = firstWrite();
            await("a write is answered")
                    .atMost(DEADLINE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> load.firstAnswerAfter(killed) != Long.MAX_VALUE);
            measured.clientMillis.add(TimeUnit.NANOSECONDS.toMillis(load.firstAnswerAfter(killed) - killed));
            measured.serverMillis.add(TimeUnit.NANOSECONDS.toMillis(probed - killed));
            closing.awaitConnected().close();
            leader.start();
            ensemble.awaitAllServing();
        }

        private long firstWrite() {
            try {
                return WriteProbe.firstWrite(ensemble.running());
            } catch (ConditionTimeoutException e) {
                throw new AssertionError(
                        name + " opens no session any more after " + kills + " kills\n" + ensemble.report(), e);
            }
        }

        private void finish() throws Exception {
            try (Client client = Client.to(ensemble.addresses())) {
                SteadyLoad.Verdict verdict = load.verify(client.sync().raw());
                load.close();
                measured.add(verdict, ephemeralsLeft(client.sync().raw()));
            } catch (KeeperException e) {
                throw new AssertionError(name + ": a read after the drill failed\n" + ensemble.report(), e);
            }
            if (!measured.yardstick) {
                measured.assertSound();
                Trees.assertEqual(ensemble, name + " after the drill");
            }
        }

        private void awaitWrites(int count) {
            await(count + " writes of " + name).atMost(DEADLINE).until(() -> load.acknowledged() >= count);
        }

        /** No session is open but the one that asks. */
        private static int ephemeralsLeft(ZooKeeper client) throws Exception {
            int left = 0;
            for (String child : client.getChildren("/", false)) {
                left += client.exists("/" + child, false).getEphemeralOwner() == 0 ? 0 : 1;
            }
            return left;
        }

        @Override
        public void close() throws IOException {
            load.close();
            ensemble.close();
        }
    }

    @Test
    void no_acknowledged_write_is_lost_when_leaders_are_killed() throws Exception {
        Measured stock = new Measured(Kinds.stock(Kinds.STOCK_CURRENT), true);
        Measured ours = new Measured(Kinds.subject(), false);
        for (int killed = 0; killed < rounds; killed += KILLS_OF_ONE_ENSEMBLE) {
            drill(stock, ours, Math.min(KILLS_OF_ONE_ENSEMBLE, rounds - killed), directory.resolve("from" + killed));
        }
        System.out.println(stock.times() + stock.verdict());
        System.out.println(ours.times() + ours.verdict());
        System.out.printf(
                "leader kill drill: ours/stock clients p50 %.2f, p99 %.2f; servers p50 %.2f, p99 %.2f%n",
                ratio(ours.clientMillis, stock.clientMillis, 50),
                ratio(ours.clientMillis, stock.clientMillis, 99),
                ratio(ours.serverMillis, stock.serverMillis, 50),
                ratio(ours.serverMillis, stock.serverMillis, 99));
    }

    private static void drill(Measured stock, Measured ours, int kills, Path directory) throws Exception {
        try (Side stockSide = new Side(stock, directory.resolve("stock"));
                Side ourSide = new Side(ours, directory.resolve("ours"))) {
            for (int round = 0; round < kills; round++) {
                stockSide.round();
                ourSide.round();
                if (round % ROUNDS_BETWEEN_NEWS == ROUNDS_BETWEEN_NEWS - 1) {
                    System.out.println(stock.times());
                    System.out.println(ours.times());
                }
            }
            ourSide.finish();
            stockSide.finish();
        }
    }

    private static double ratio(List<Long> ours, List<Long> stock, int percent) {
        return (double) percentile(ours, percent) / Math.max(1, percentile(stock, percent));
    }

    private static long percentile(List<Long> values, int percent) {
        List<Long> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int rank = (sorted.size() * percent + 99) / 100;
        return sorted.get(Math.max(0, rank - 1));
    }
}
