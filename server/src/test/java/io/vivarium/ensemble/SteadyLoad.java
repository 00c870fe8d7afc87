/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * Stock clients that write at a steady pace, whatever happens to the servers, and know afterwards what must be there.
 *
 * <p>Each writer creates numbered nodes, one after the other, below shelves of its own: a stock client refuses an answer of a
 * mebibyte, so no node may have too many children. A number whose create was answered is acknowledged; one whose connection
 * broke is in doubt, and the writer goes on with the next number. Each create is counted by its parent's cversion, so a write
 * that was done twice shows as well as one that is missing. Threads: one for each writer.
 */
final class SteadyLoad implements AutoCloseable {
    /** When an acknowledged write was sent and answered. */
    record Write(long sentNanos, long answeredNanos) {}

    /** What was found wrong at the end; all zero is right. */
    record Verdict(int acknowledged, int inDoubt, int lost, int duplicated, int expired) {}

    private static final long STOP_SECONDS = 60;
    private static final int DATA_BYTES = 100;
    private static final int SHELVES = 50;
    /** Of one writer; a writer that was held up does not make good for it. */
    private static final long NANOS_BETWEEN_WRITES = TimeUnit.MILLISECONDS.toNanos(10);

    private final class Writer implements Runnable {
        private final String root;
        private final Client client;
        private final List<Integer> acknowledged = new ArrayList<>();
        private final List<Integer> inDoubt = new ArrayList<>();
        private final List<Write> writes = new ArrayList<>();

        private Writer(String addresses, String root) throws Exception {
            this.root = root;
            this.client = Client.to(addresses);
            client.create(root, "");
            for (int i = 0; i < SHELVES; i++) {
                client.create(shelf(i), "");
            }
            client.createEphemeral(root + "-lives");
        }

        private String shelf(int number) {
            return root + "/" + number % SHELVES;
        }

        @Override
        public void run() {
            for (int number = 0; !stopping && !client.wasExpired(); number++) {
                long sent = System.nanoTime();
                try {
                    client.raw()
                            .create(
                                    shelf(number) + "/" + number,
                                    new byte[DATA_BYTES],
                                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                                    CreateMode.PERSISTENT);
                    acknowledge(number, new Write(sent, System.nanoTime()));
                    LockSupport.parkNanos(NANOS_BETWEEN_WRITES - (System.nanoTime() - sent));
                } catch (KeeperException.ConnectionLossException e) {
                    inDoubt.add(number);
                } catch (KeeperException.SessionExpiredException e) {
                    return;
                } catch (KeeperException e) {
                    throw new IllegalStateException(root + "/" + number, e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }

        private synchronized void acknowledge(int number, Write write) {
            acknowledged.add(number);
            writes.add(write);
        }

        private synchronized Stream<Write> writes() {
            return new ArrayList<>(writes).stream();
        }

        private synchronized int written() {
            return writes.size();
        }

        /** The writes of one writer are in the order of time, so the wanted one is near the end. */
        private synchronized long firstAnswerAfter(long nanos) {
            int at = writes.size();
            while (at > 0 && writes.get(at - 1).sentNanos() - nanos > 0) {
                at--;
            }
            return at == writes.size() ? Long.MAX_VALUE : writes.get(at).answeredNanos();
        }
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Writer> writers = new ArrayList<>();
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean stopping;

    /** Opens the sessions and begins to write. */
    SteadyLoad(String addresses, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            writers.add(new Writer(addresses, "/w" + i));
        }
        for (Writer each : writers) {
            running.add(threads.submit(each));
        }
    }

    /** The first write that was sent after a moment and answered; nothing yet is {@link Long#MAX_VALUE}. */
    long firstAnswerAfter(long nanos) {
        return writers.stream()
                .mapToLong(writer -> writer.firstAnswerAfter(nanos))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    int acknowledged() {
        return writers.stream().mapToInt(Writer::written).sum();
    }

    /** The longest time in which no write was answered, nanoseconds. */
    long longestSilence() {
        List<Long> answers = writers.stream()
                .flatMap(Writer::writes)
                .map(Write::answeredNanos)
                .sorted(Comparator.naturalOrder())
                .toList();
        long longest = 0;
        for (int i = 1; i < answers.size(); i++) {
            longest = Math.max(longest, answers.get(i) - answers.get(i - 1));
        }
        return longest;
    }

    /** Ends the load and compares what is there with what was acknowledged. */
    Verdict verify(ZooKeeper client) throws Exception {
        stopping = true;
        for (Future<?> each : running) {
            each.get(STOP_SECONDS, TimeUnit.SECONDS);
        }
        int lost = 0;
        int duplicated = 0;
        int acknowledged = 0;
        int inDoubt = 0;
        int expired = 0;
        for (Writer writer : writers) {
            Set<String> there = new HashSet<>();
            for (int i = 0; i < SHELVES; i++) {
                Stat stat = new Stat();
                there.addAll(client.getChildren(writer.shelf(i), false, stat));
                duplicated += stat.getCversion() - stat.getNumChildren();
            }
            for (int number : writer.acknowledged) {
                lost += there.remove(Integer.toString(number)) ? 0 : 1;
            }
            for (int number : writer.inDoubt) {
                there.remove(Integer.toString(number));
            }
            assertThat(there)
                    .as("nodes below %s that nobody created", writer.root)
                    .isEmpty();
            acknowledged += writer.acknowledged.size();
            inDoubt += writer.inDoubt.size();
            expired += writer.client.wasExpired() ? 1 : 0;
        }
        return new Verdict(acknowledged, inDoubt, lost, duplicated, expired);
    }

    /** Ends the sessions of the writers. */
    @Override
    public void close() {
        stopping = true;
        writers.forEach(writer -> writer.client.close());
        threads.shutdownNow();
    }
}
