/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import io.vivarium.protocol.data.Zxid;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: takes all that waits, appends it, syncs once, reports once.
 *
 * <pre>
 *   core --submit--> queue --[append ... append, sync]--> JournalListener.synced(last zxid) --> core
 *                                          |
 *                          RollPolicy: roll, snapshotDue
 * </pre>
 *
 * <p>Thread: {@link #step} and {@link #run} belong to the thread {@code journal}, which {@link #start} makes;
 * {@link #submit} and {@link #execute} may come from any thread, in practice {@code core}. A test calls {@link #step}
 * instead of starting a thread. The queue has no bound of its own: what is in flight is bounded by admission at the edge,
 * which can read {@link #queuedBytes}. Any failure ends the loop and closes its files: nothing behind the last report is durable, and an
 * fsync is not tried again; a server that goes on does so with another loop. Spec persistence 2.6, 2.7.
 */
public final class JournalLoop implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalLoop.class);
    private static final int QUEUE_CHUNK = 1024;
    /** What a record costs in the queue beside its payload; for {@link #queuedBytes}. */
    private static final long ENTRY_BYTES = 64;

    private sealed interface Entry permits Append, Task {}

    private record Append(long zxid, byte[] payload, long submittedNanos) implements Entry {}

    private record Task(JournalTask task) implements Entry {}

    /** What one {@link #step} did, and how long the thread may sleep now. */
    public enum Progress {
        /** Records or tasks were handled. */
        WORKED,
        /** Records are appended and wait for more before they are synced. */
        WAITING,
        /** Nothing to do. */
        IDLE,
        /** Closed or failed; no further step does anything. */
        STOPPED
    }

    private final TxnJournal journal;
    private final FlushPolicy flushPolicy;
    private final RollPolicy rollPolicy;
    private final JournalListener listener;
    private final LongSupplier nanoClock;
    private final long fsyncWarningNanos;
    private final JournalMeter meter;

    private final MpscUnboundedArrayQueue<Entry> queue = new MpscUnboundedArrayQueue<>(QUEUE_CHUNK);
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong slowSyncs = new AtomicLong();
    private volatile boolean closing;
    private volatile boolean parked;
    private volatile @Nullable Thread thread;

    private boolean stopped;
    private boolean prepared = true;
    private int pending;
    /** When each of the pending records was submitted; as long as the longest batch so far. */
    private long[] pendingSince = new long[16];

    private long pendingZxid;
    private long lastFlushNanos;

    /**
     * @param fsyncWarningMillis {@code fsync.warningthresholdms}
     * @param nanoClock monotonic time, nanoseconds
     */
    public JournalLoop(
            TxnJournal journal,
            FlushPolicy flushPolicy,
            RollPolicy rollPolicy,
            JournalListener listener,
            LongSupplier nanoClock,
            long fsyncWarningMillis,
            JournalMeter meter) {
        this.journal = journal;
        this.flushPolicy = flushPolicy;
        this.rollPolicy = rollPolicy;
        this.listener = listener;
        this.nanoClock = nanoClock;
        this.fsyncWarningNanos = fsyncWarningMillis * 1_000_000L;
        this.meter = meter;
        this.lastFlushNanos = nanoClock.getAsLong();
    }

    /** Hands over one record; the array belongs to the journal from now on. Never blocks. */
    public void submit(long zxid, byte[] payload) {
        queuedBytes.getAndAdd(payload.length + ENTRY_BYTES);
        queue.offer(new Append(zxid, payload, nanoClock.getAsLong()));
        wake();
    }

    /** Hands over work that runs once every record submitted before it is durable. Never blocks. */
    public void execute(JournalTask task) {
        queue.offer(new Task(task));
        wake();
    }

    /** Bytes submitted and not yet appended. Thread: any. */
    public long queuedBytes() {
        return queuedBytes.get();
    }

    /** See {@link TxnJournal#durableZxid}. Thread: journal, or whoever was told of the failure. */
    public long durableZxid() {
        return journal.durableZxid();
    }

    /** How often an fsync took longer than the threshold: {@code fsyncThresholdExceedCount}. Thread: any. */
    public long slowSyncs() {
        return slowSyncs.get();
    }

    /** Starts the thread. */
    public void start(ThreadFactory threads) {
        Thread started = threads.newThread(this);
        thread = started;
        started.start();
    }

    @Override
    public void run() {
        while (true) {
            switch (step()) {
                case WORKED:
                    break;
                case WAITING:
                    park(flushPolicy.pollNanos(nanoClock.getAsLong() - lastFlushNanos));
                    break;
                case IDLE:
                    park(Long.MAX_VALUE);
                    break;
                case STOPPED:
                    return;
            }
        }
    }

    /** Takes all that waits and makes it durable, or finds out that there is nothing to do. Does not wait. */
    public Progress step() {
        if (stopped) {
            return Progress.STOPPED;
        }
        try {
            return work();
        } catch (Throwable e) {
            stopped = true;
            queue.clear();
            giveUpFiles(e);
            listener.failed(e);
            return Progress.STOPPED;
        }
    }

    /** Whoever opens them again must find them as the disk has them, and nobody writes to them. */
    private void giveUpFiles(Throwable cause) {
        try {
            journal.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private Progress work() throws IOException {
        boolean worked = false;
        Entry entry;
        while ((entry = queue.relaxedPoll()) != null) {
            worked = true;
            long now = nanoClock.getAsLong();
            if (entry instanceof Append append) {
                append(append, now);
            } else if (entry instanceof Task task) {
                flush();
                task.task().run(journal);
            }
            if (flushPolicy.isDue(pending, now - lastFlushNanos)) {
                flush();
                return Progress.WORKED;
            }
        }
        if (pending > 0) {
            if (!closing && flushPolicy.pollNanos(nanoClock.getAsLong() - lastFlushNanos) > 0) {
                return Progress.WAITING;
            }
            flush();
            return Progress.WORKED;
        }
        if (worked) {
            return Progress.WORKED;
        }
        if (closing) {
            stopped = true;
            journal.close();
            return Progress.STOPPED;
        }
        if (!prepared) {
            // Nobody waits now: get the next stretch of the file ready.
            prepared = true;
            journal.prepareAhead();
            return Progress.WORKED;
        }
        return Progress.IDLE;
    }

    private void append(Append append, long now) throws IOException {
        byte[] payload = append.payload();
        queuedBytes.getAndAdd(-(payload.length + ENTRY_BYTES));
        journal.append(append.zxid(), payload, 0, payload.length);
        meter.taken(now - append.submittedNanos());
        if (pending == pendingSince.length) {
            pendingSince = Arrays.copyOf(pendingSince, 2 * pending);
        }
        pendingSince[pending++] = append.submittedNanos();
        pendingZxid = append.zxid();
        if (rollPolicy.isSnapshotDue(payload.length + SegmentFormat.OVERHEAD_BYTES)) {
            journal.roll();
            listener.snapshotDue();
        }
    }

    private void flush() throws IOException {
        if (pending == 0) {
            return;
        }
        long start = nanoClock.getAsLong();
        journal.sync();
        long now = nanoClock.getAsLong();
        warnIfSlow(now - start);
        int records = pending;
        lastFlushNanos = now;
        pending = 0;
        prepared = false;
        listener.synced(pendingZxid, queue.isEmpty());
        // Behind the report, so that nobody waits for it.
        meter.synced(records, queue.size(), now - start);
        for (int i = 0; i < records; i++) {
            meter.durable(now - pendingSince[i]);
        }
        if (rollPolicy.isFileFull(journal.currentFileBytes())) {
            journal.roll();
        }
    }

    private void warnIfSlow(long nanos) {
        if (nanos <= fsyncWarningNanos) {
            return;
        }
        slowSyncs.getAndIncrement();
        LOG.warn(
                "fsync-ing the write ahead log in {} took {}ms which will adversely effect operation latency."
                        + "File size is {} bytes. Last record is {}.",
                Thread.currentThread().getName(),
                nanos / 1_000_000L,
                journal.currentFileBytes(),
                Zxid.toString(pendingZxid));
    }

    @SuppressWarnings("ThreadPriorityCheck") // How large a batch is, and nothing else, depends on it.
    private void park(long nanos) {
        parked = true;
        // Looked at after the flag is up: whoever adds later sees the flag and wakes this thread.
        if (queue.isEmpty() && !closing) {
            LockSupport.parkNanos(this, nanos);
            // Whoever brought the first record is about to bring more, and one sync serves them all. Costs a system
            // call
            // where the processor has nothing else to do.
            Thread.yield();
        }
        parked = false;
    }

    private void wake() {
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    /** Makes durable what was submitted, closes the files and ends the thread. Thread: any but the journal's. */
    @Override
    public void close() {
        closing = true;
        Thread running = thread;
        if (running == null) {
            while (step() != Progress.STOPPED) {
                // Without a thread the caller does the rest of the work.
            }
            return;
        }
        LockSupport.unpark(running);
        boolean interrupted = false;
        while (running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
