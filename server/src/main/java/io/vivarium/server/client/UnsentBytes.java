/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * The bytes of answers that all clients together have not taken, and what is done about them.
 *
 * <p>Thread: any; one short lock, taken only for connections that leave something behind after a flush. Over the first limit a
 * connection is not served while anything waits for it; one that takes its answers notices nothing. Each connection can
 * still add one burst, so many of them can get beyond that; at the second limit whoever holds most is closed.
 */
public final class UnsentBytes {
    private final long pauseBytes;
    private final long maxBytes;
    private final Set<Share> slow = new HashSet<>();
    private volatile long total;

    /**
     * @param pauseBytes over this, clients that have something to take are not served
     * @param maxBytes over this, the client with most to take is closed
     */
    public UnsentBytes(long pauseBytes, long maxBytes) {
        this.pauseBytes = pauseBytes;
        this.maxBytes = maxBytes;
    }

    /** What waits for one client. Its fields belong to the lock. */
    static final class Share {
        private final LongConsumer close;
        private long bytes;
        private boolean given;

        /**
         * @param close ends the connection, which holds so many bytes; on its own thread, so it must only be asked for it, and
         *     is called inside the lock
         */
        Share(LongConsumer close) {
            this.close = close;
        }
    }

    /** Whether clients that have something to take are not to be served. */
    boolean isOver() {
        return total > pauseBytes;
    }

    long maxBytes() {
        return maxBytes;
    }

    /** All that waits to be taken. */
    public long total() {
        return total;
    }

    /** Tells how much waits for a client now. */
    synchronized void set(Share share, long bytes) {
        if (share.given) {
            return;
        }
        change(share, bytes);
        while (total > maxBytes && !slow.isEmpty()) {
            Share worst = worst();
            long held = worst.bytes;
            give(worst);
            worst.close.accept(held);
        }
    }

    /** The connection has ended, and what waited with it. */
    synchronized void end(Share share) {
        if (!share.given) {
            give(share);
        }
    }

    /** What a connection held counts no more once its end is decided; else several would go where one is enough. */
    private void give(Share share) {
        change(share, 0);
        share.given = true;
    }

    private void change(Share share, long bytes) {
        long sum = total - share.bytes + bytes;
        total = sum;
        share.bytes = bytes;
        if (bytes > 0) {
            slow.add(share);
        } else {
            slow.remove(share);
        }
    }

    private Share worst() {
        Share worst = null;
        for (Share share : slow) {
            if (worst == null || share.bytes > worst.bytes) {
                worst = share;
            }
        }
        if (worst == null) {
            throw new IllegalStateException(total + " bytes wait, and for nobody");
        }
        return worst;
    }
}
