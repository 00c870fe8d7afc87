/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.server.quorum.net.HistoryOutlet;
import io.vivarium.server.quorum.zab.SyncPlan;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends histories to learners, each on a thread of its own for as long as it takes (spec quorum 4, "Throttling").
 *
 * <p>Thread: {@link #send} {@code core} or any other, and does not block; the work is on {@code history-N}. There are at
 * most as many of those as histories may be under way at once; they end when nobody needs them. What fails, fails for one
 * link only.
 */
public final class HistorySender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HistorySender.class);
    private static final int IDLE_SECONDS = 10;
    /** Followers are never refused by the core, so some may wait here; more than an ensemble has members is a fault. */
    private static final int MAX_WAITING = 1024;

    private final HistoryTransfer transfer;
    private final LongConsumer sent;
    private final ThreadPoolExecutor threads;

    /**
     * @param maxConcurrent {@code leader.maxConcurrentSnapSyncs} and {@code leader.maxConcurrentDiffSyncs} together
     * @param sent told the link when its history is queued to the last byte; on a history thread
     */
    public HistorySender(HistoryTransfer transfer, int maxConcurrent, ThreadFactory factory, LongConsumer sent) {
        if (maxConcurrent < 1) {
            throw new IllegalArgumentException(
                    "at most " + maxConcurrent + " histories at once; it must be at least 1");
        }
        this.transfer = transfer;
        this.sent = sent;
        this.threads = new ThreadPoolExecutor(
                maxConcurrent,
                maxConcurrent,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                factory);
        this.threads.allowCoreThreadTimeOut(true);
    }

    /** Sends a history; afterwards {@code sent} is told, or the outlet has failed. */
    public void send(long link, SyncPlan plan, HistoryOutlet outlet) {
        try {
            threads.execute(() -> run(link, plan, outlet));
        } catch (RejectedExecutionException e) {
            outlet.fail(
                    threads.isShutdown()
                            ? "this server stops"
                            : MAX_WAITING + " learners wait for their history already");
        }
    }

    private void run(long link, SyncPlan plan, HistoryOutlet outlet) {
        try {
            transfer.run(plan, outlet);
        } catch (IOException | RuntimeException e) {
            LOG.warn("The history on link {} could not be sent", link, e);
            outlet.fail("the history could not be sent: " + e.getMessage());
            return;
        } catch (Error e) {
            outlet.fail("the history could not be sent: " + e);
            throw e;
        }
        sent.accept(link);
    }

    /** Threads at work or waiting for some; for reports and tests. */
    int threads() {
        return threads.getPoolSize();
    }

    /** Interrupts what is under way; links that wait fail. Does not wait for the threads. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
