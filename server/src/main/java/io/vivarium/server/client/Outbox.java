/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.vivarium.server.pipeline.Outgoing;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What the core has for one connection, in order, until the connection's thread takes it.
 *
 * <p>Thread: one producer ({@code core}), one consumer (the connection's event loop). Neither waits for the other. The
 * elements are their own links, so an idle connection pays for one reference. The consumer takes everything at once;
 * inside a shared hold of the gate that is exactly what was added before the state the hold sees.
 */
final class Outbox {
    private static final VarHandle TOP;

    static {
        try {
            TOP = MethodHandles.lookup().findVarHandle(Outbox.class, "top", Outgoing.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Outgoing top;

    /** Adds an element. Returns true if the box was empty, so that somebody must see to its being emptied. */
    boolean add(Outgoing item) {
        while (true) {
            Outgoing seen = top;
            item.next = seen;
            if (TOP.compareAndSet(this, seen, item)) {
                return seen == null;
            }
        }
    }

    boolean isEmpty() {
        return top == null;
    }

    /** Takes all elements, oldest first, linked through {@link Outgoing#next}; null if there are none. */
    @Nullable
    Outgoing takeAll() {
        if (top == null) {
            return null;
        }
        Outgoing item = (Outgoing) TOP.getAndSet(this, null);
        Outgoing oldest = null;
        while (item != null) {
            Outgoing older = item.next;
            item.next = oldest;
            oldest = item;
            item = older;
        }
        return oldest;
    }
}
