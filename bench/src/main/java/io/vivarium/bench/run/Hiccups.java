/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.run;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How late the machine wakes a thread that does nothing but sleep for a millisecond at a time: pauses that no server is to
 * blame for, such as those of a shared processor, of a virtual machine, or of the driver's own collector.
 *
 * <p>Thread: its own, from the start to {@link #close}; {@link #takeLongest} from any other.
 */
public final class Hiccups implements AutoCloseable {
    private static final long NAP_NANOS = 1_000_000;

    private final AtomicLong longest = new AtomicLong();
    private final Thread thread = new Thread(this::nap, "hiccups");
    private volatile boolean over;

    private Hiccups() {
        thread.setDaemon(true);
    }

    public static Hiccups start() {
        Hiccups hiccups = new Hiccups();
        hiccups.thread.start();
        return hiccups;
    }

    /** The greatest delay since the last call, nanoseconds. */
    public long takeLongest() {
        return longest.getAndSet(0);
    }

    @Override
    public void close() {
        over = true;
        LockSupport.unpark(thread);
    }

    private void nap() {
        long before = System.nanoTime();
        while (!over) {
            LockSupport.parkNanos(NAP_NANOS);
            long now = System.nanoTime();
            longest.accumulateAndGet(now - before - NAP_NANOS, Math::max);
            before = now;
        }
    }
}
