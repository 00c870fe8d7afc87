/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What one event loop counted: packets, bytes, latencies.
 *
 * <p>Thread: written by one event loop with plain adds and opaque stores, read by any; the sum over all loops is what
 * reports show. A reader may be a moment behind and never sees half a value. {@link #reset} asks the owner to start
 * anew. Spec: operations 3.3.
 */
final class LaneCounters {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int RECEIVED = 0;
    private static final int SENT = 1;
    private static final int LATENCY_COUNT = 2;
    private static final int LATENCY_SUM = 3;
    private static final int LATENCY_MIN = 4;
    private static final int LATENCY_MAX = 5;
    private static final int AUTH_FAILED = 6;
    private static final int LAST_REPLY = 7;
    private static final int MIN_REPLY = 8;
    private static final int MAX_REPLY = 9;
    private static final int SIZE = 10;

    private final long[] values = new long[SIZE];
    private volatile boolean resetAsked;

    LaneCounters() {
        clear();
    }

    void received(int packets) {
        applyReset();
        add(RECEIVED, packets);
    }

    void sent(int packets) {
        add(SENT, packets);
    }

    /** So many answers with the same latency. */
    void latency(long millis, int answers) {
        add(LATENCY_COUNT, answers);
        add(LATENCY_SUM, millis * answers);
        if (values[LATENCY_MIN] < 0 || millis < values[LATENCY_MIN]) {
            set(LATENCY_MIN, millis);
        }
        if (millis > values[LATENCY_MAX]) {
            set(LATENCY_MAX, millis);
        }
    }

    void authFailed() {
        add(AUTH_FAILED, 1);
    }

    void replyBytes(int bytes) {
        replyBytes(bytes, bytes, bytes);
    }

    /** Sizes of several answers. */
    void replyBytes(int last, int least, int most) {
        set(LAST_REPLY, last);
        if (values[MIN_REPLY] < 0 || least < values[MIN_REPLY]) {
            set(MIN_REPLY, least);
        }
        if (most > values[MAX_REPLY]) {
            set(MAX_REPLY, most);
        }
    }

    /** Thread: any. */
    void reset() {
        resetAsked = true;
    }

    /** Adds what this loop counted to a total. Thread: any. */
    void addTo(ClientStats.Totals totals) {
        if (resetAsked) {
            return;
        }
        totals.add(
                get(RECEIVED),
                get(SENT),
                get(LATENCY_COUNT),
                get(LATENCY_SUM),
                get(LATENCY_MIN),
                get(LATENCY_MAX),
                get(AUTH_FAILED));
        totals.addReplies(get(LAST_REPLY), get(MIN_REPLY), get(MAX_REPLY));
    }

    private void applyReset() {
        if (resetAsked) {
            clear();
            resetAsked = false;
        }
    }

    private void clear() {
        for (int i = 0; i < SIZE; i++) {
            set(i, 0);
        }
        set(LATENCY_MIN, -1);
        set(LAST_REPLY, -1);
        set(MIN_REPLY, -1);
        set(MAX_REPLY, -1);
    }

    private void add(int index, long delta) {
        set(index, values[index] + delta);
    }

    private void set(int index, long value) {
        LONGS.setOpaque(values, index, value);
    }

    private long get(int index) {
        return (long) LONGS.getOpaque(values, index);
    }
}
