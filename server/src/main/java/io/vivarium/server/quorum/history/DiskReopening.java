/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.persistence.recovery.DiskProbe;
import io.vivarium.protocol.data.Zxid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until a disk that failed can be used again, then makes the tree anew from it.
 *
 * <pre>
 *   core    begin(durable, acknowledged) --&gt; thread disk:  [pause, DiskProbe, HistoryStore.reopen] until that works
 *                                                                                           '--&gt; whenOpen(history)
 * </pre>
 *
 * <p>Thread: {@link #begin} {@code core}, once for each journal that failed and not before its report; {@link #close} any. A
 * disk that hangs holds up this thread only. The same attempt is right for a full volume, one that was mounted for reading
 * only, a directory that was deleted and files that recovery refuses: all of them can be mended under a running server.
 */
public final class DiskReopening implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskReopening.class);
    private static final int CLOSE_SECONDS = 5;

    private final DiskProbe probe;
    private final HistoryStore store;
    private final Consumer<HistoryStore.Reopened> whenOpen;
    private final Consumer<Throwable> fault;
    private final ThreadFactory threads;
    private final LongSupplier nanoClock;
    private final ReopenPace pace = new ReopenPace();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Thread thread;

    /**
     * @param whenOpen what follows; thread {@code disk}
     * @param fault something else than a disk is wrong
     */
    public DiskReopening(
            DiskProbe probe,
            HistoryStore store,
            Consumer<HistoryStore.Reopened> whenOpen,
            Consumer<Throwable> fault,
            ThreadFactory threads,
            LongSupplier nanoClock) {
        this.probe = probe;
        this.store = store;
        this.whenOpen = whenOpen;
        this.fault = fault;
        this.threads = threads;
        this.nanoClock = nanoClock;
    }

    /**
     * The disk failed; the tree belongs to this object until {@code whenOpen}.
     *
     * @param durableZxid last record that the failed journal knows to be durable
     * @param acknowledgedZxid up to where this server has acknowledged the history
     */
    public void begin(long durableZxid, long acknowledgedZxid) {
        store.claimTree();
        Thread started = threads.newThread(() -> run(durableZxid, acknowledgedZxid));
        thread = started;
        started.start();
    }

    /** How full the volumes are, for people. Thread: any; asks the file system. */
    public String space() {
        return probe.space();
    }

    private void run(long durableZxid, long acknowledgedZxid) {
        try {
            HistoryStore.Reopened history = await(durableZxid, acknowledgedZxid);
            if (history != null) {
                whenOpen.accept(history);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            fault.accept(e);
        }
    }

    private HistoryStore.@Nullable Reopened await(long durableZxid, long acknowledgedZxid) throws InterruptedException {
        long beganNanos = nanoClock.getAsLong();
        pace.begin(beganNanos);
        while (!closed.await(pace.pauseNanos(), TimeUnit.NANOSECONDS)) {
            try {
                probe.check();
                HistoryStore.Reopened history = store.reopen(durableZxid, acknowledgedZxid);
                long now = nanoClock.getAsLong();
                pace.succeeded(now);
                LOG.info(
                        "The disk can be written again, after {} ms; the history on it reads up to {}",
                        TimeUnit.NANOSECONDS.toMillis(now - beganNanos),
                        Zxid.toString(history.lastZxid()));
                return history;
            } catch (IOException | UncheckedIOException e) {
                long now = nanoClock.getAsLong();
                if (pace.failed(now)) {
                    LOG.error(
                            "Waiting for the disk, since {} ms: {} ({})",
                            TimeUnit.NANOSECONDS.toMillis(now - beganNanos),
                            words(e),
                            probe.space());
                }
            }
        }
        return null;
    }

    /** The message of a file system's exception is often only the name of the file. */
    public static String words(Throwable e) {
        String message = e.getMessage();
        if (e instanceof FileSystemException || message == null) {
            return e.toString();
        }
        Throwable cause = e.getCause();
        return cause == null || message.contains(String.valueOf(cause.getMessage())) ? message : message + ": " + cause;
    }

    /** Waits no more. An attempt under way is let end, unless its disk hangs. */
    @Override
    public void close() {
        closed.countDown();
        Thread running = thread;
        if (running == null) {
            return;
        }
        try {
            running.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
