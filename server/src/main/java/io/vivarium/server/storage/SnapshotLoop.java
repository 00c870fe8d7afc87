/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.storage;

import io.vivarium.persistence.purge.Purge;
import io.vivarium.persistence.snapshot.SnapshotSource;
import io.vivarium.persistence.snapshot.SnapshotWriter;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.metrics.Summary;
import io.vivarium.server.transport.ServerThreads;
import io.vivarium.server.transport.ServerThreads.Life;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code snapshot}: one snapshot at a time, purges in between.
 *
 * <p>Any thread may {@link #request}. Where writes come so fast that one snapshot would follow another, they would cost clients
 * more than a start ever gets back: behind each there is a rest of {@value #RESTS} times as long as it took, five minutes at
 * most, and all that is asked for meanwhile becomes one (spec persistence 2.6; the log holds everything). Where processors are
 * few a snapshot is written at leisure ({@link RestingSnapshot}); most of that is rest already, so the one behind it is only as
 * long as it took. There is no leisure once the server is to end, nor in a tree that grows: what is created meanwhile stands in
 * the log alone, from which a start takes twice as long to make a node as from a snapshot. For the same reason a disk that takes no
 * snapshot is no reason to end: it is tried again, after pauses that grow. Whatever else goes wrong is an own fault.
 */
public final class SnapshotLoop {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotLoop.class);
    private static final int LONGEST_RETRY = 32;
    private static final int RESTS = 3;
    /** A tree grows if this part of it is new since the snapshot began. */
    private static final int GROWN_BY = 20;
    /** One that took long because its disk stood still, or the whole machine, is no measure. */
    private static final long LONGEST_REST_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final SnapshotWriter writer;
    private final Supplier<SnapshotSource> source;
    private final LongSupplier nodes;
    private final SnapshotGuard guard;
    private final LongSupplier nanoClock;
    private final Consumer<Throwable> failed;
    private final Recorder recorder;
    private final boolean leisurely;
    /** One is asked for and not begun. */
    private final AtomicBoolean wanted = new AtomicBoolean();

    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(1, ServerThreads.single("snapshot", Life.DAEMON));

    private final long firstRetryMillis;
    /** Until the next attempt; 0 while the last one succeeded. Thread: snapshot. */
    private long retryMillis;

    private boolean retryWaits;
    /** The end of the rest, by the clock. Thread: snapshot. */
    private long restedAt;

    private volatile boolean closing;

    /**
     * @param firstRetryMillis pause behind an attempt that failed; it doubles up to {@value #LONGEST_RETRY} times as much
     * @param source a new view of the tree for each snapshot
     * @param nodes how many the tree has now
     * @param guard of those who replace the tree and its files
     * @param recorder of the thread that writes; before the loop runs, of the one that starts the server
     * @param leisurely whether others want the processor that a snapshot takes
     */
    public SnapshotLoop(
            SnapshotWriter writer,
            Supplier<SnapshotSource> source,
            LongSupplier nodes,
            SnapshotGuard guard,
            LongSupplier nanoClock,
            long firstRetryMillis,
            Consumer<Throwable> failed,
            Recorder recorder,
            boolean leisurely) {
        this.writer = writer;
        this.source = source;
        this.nodes = nodes;
        this.guard = guard;
        this.nanoClock = nanoClock;
        this.firstRetryMillis = firstRetryMillis;
        this.failed = failed;
        this.recorder = recorder;
        this.leisurely = leisurely;
        this.restedAt = nanoClock.getAsLong();
        // What waits for its time when the server ends is left out.
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Asks for a snapshot soon, or once the last one has been rested from. Never blocks. */
    public void request() {
        if (wanted.compareAndSet(false, true)) {
            executor.execute(this::begin);
        }
    }

    private void begin() {
        long rest = restedAt - nanoClock.getAsLong();
        if (rest > 0) {
            later(this::begin, rest);
        } else {
            wanted.set(false);
            attempt();
        }
    }

    private void attempt() {
        long began = nanoClock.getAsLong();
        BooleanSupplier grows = growing();
        try {
            if (!guard.run(() -> write(guard.watched(view(grows))))) {
                LOG.info("The tree is being replaced; no snapshot of it");
            }
            long now = nanoClock.getAsLong();
            restedAt = now + restBehind(now - began, leisurely && !grows.getAsBoolean());
            retryMillis = 0;
        } catch (IOException e) {
            tryAgain(e);
        } catch (RuntimeException e) {
            failed.accept(e);
        }
    }

    static long restBehind(long tookNanos, boolean leisurely) {
        return Math.min(leisurely ? tookNanos : RESTS * tookNanos, LONGEST_REST_NANOS);
    }

    private SnapshotSource view(BooleanSupplier grows) {
        return leisurely
                ? new RestingSnapshot(
                        source.get(), nanoClock, LockSupport::parkNanos, () -> closing || grows.getAsBoolean())
                : source.get();
    }

    /** Whether the tree has grown since now. */
    private BooleanSupplier growing() {
        long now = nodes.getAsLong();
        long most = now + now / GROWN_BY;
        return () -> nodes.getAsLong() > most;
    }

    private void tryAgain(IOException cause) {
        retryMillis = retryMillis == 0 ? firstRetryMillis : Math.min(2 * retryMillis, LONGEST_RETRY * firstRetryMillis);
        LOG.error(
                "No snapshot could be written: {}. Nothing is lost, the log holds everything; trying again in {} ms",
                cause.toString(),
                retryMillis);
        if (!retryWaits) {
            retryWaits = true;
            later(this::retry, TimeUnit.MILLISECONDS.toNanos(retryMillis));
        }
    }

    private void retry() {
        retryWaits = false;
        // Another attempt may have succeeded meanwhile.
        if (retryMillis != 0) {
            attempt();
        }
    }

    private void later(Runnable task, long nanos) {
        if (!executor.isShutdown()) {
            // Its future is never asked: the task reports for itself and ends with the executor.
            ScheduledFuture<?> unused = executor.schedule(task, nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Writes one now, on the caller's thread: before a server serves, or after it has stopped. */
    public void write() throws IOException {
        write(source.get());
    }

    private void write(SnapshotSource tree) throws IOException {
        long began = nanoClock.getAsLong();
        SnapshotWriter.Written written = writer.write(tree);
        long millis = (nanoClock.getAsLong() - began) / 1_000_000;
        recorder.record(Summary.SNAPSHOTTIME, millis);
        LOG.info("Snapshotting: {} to {}", Zxid.toString(written.zxid()), written.file());
        LOG.info("Snapshot taken in {} ms, {} bytes", millis, written.bytes());
    }

    /** Purges now and then every {@code intervalMillis}. */
    public void schedulePurge(Purge purge, int retain, long intervalMillis) {
        // Its future is never asked: the task reports its own failures and ends with the executor.
        ScheduledFuture<?> unused =
                executor.scheduleWithFixedDelay(() -> purge(purge, retain), 0, intervalMillis, TimeUnit.MILLISECONDS);
    }

    private void purge(Purge purge, int retain) {
        LOG.info("Purge task started.");
        try {
            boolean done =
                    guard.run(() -> purge.run(retain, new PrintStream(new LogLines(), true, StandardCharsets.UTF_8)));
            LOG.info(done ? "Purge task completed." : "The history is being replaced; purging another time.");
        } catch (IOException | RuntimeException e) {
            LOG.error("Purge task failed; old files stay until the next one", e);
        }
    }

    /** Lets a snapshot that is being written end, then stops. */
    public void close() {
        closing = true;
        executor.shutdown();
        try {
            if (!executor.awaitTermination(30, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Turns what the purge prints into log lines. */
    private static final class LogLines extends OutputStream {
        private final StringBuilder line = new StringBuilder();

        @Override
        public void write(int b) {
            if (b == '\n') {
                LOG.info("{}", line);
                line.setLength(0);
            } else if (b != '\r') {
                line.append((char) (b & 0xff));
            }
        }
    }
}
