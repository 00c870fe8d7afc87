/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.process;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What must be ended or removed however the program ends. Last in, first out; each once.
 *
 * <p>Thread: any. Once closing has begun, a newcomer is ended at once: nothing slips through while Ctrl-C is handled.
 */
public final class Cleanup implements AutoCloseable {
    private final Deque<Runnable> open = new ArrayDeque<>();
    private boolean closing;

    /** A cleanup that also runs when the virtual machine is told to end. */
    public static Cleanup onExit() {
        Cleanup cleanup = new Cleanup();
        Runtime.getRuntime().addShutdownHook(new Thread(cleanup::close, "bench-cleanup"));
        return cleanup;
    }

    public void add(Runnable end) {
        synchronized (open) {
            if (!closing) {
                open.push(end);
                return;
            }
        }
        end.run();
    }

    /** Forgets one that has ended by itself or by its owner. */
    public void remove(Runnable end) {
        synchronized (open) {
            open.remove(end);
        }
    }

    @Override
    public void close() {
        while (true) {
            Runnable next;
            synchronized (open) {
                closing = true;
                next = open.poll();
            }
            if (next == null) {
                return;
            }
            next.run();
        }
    }
}
