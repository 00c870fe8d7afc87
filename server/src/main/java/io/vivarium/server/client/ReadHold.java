/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.pipeline.TreeGate;

/**
 * The shared hold of the gate that the reads of one burst have in common: entered with the first of them, renewed after
 * a bounded number so that the core is never kept waiting for long.
 *
 * <p>Thread: the connection's event loop. The outbox is emptied inside each hold before anything is read, so that no answer
 * overtakes the event which announces what it shows (spec client-protocol 8.4).
 */
final class ReadHold {
    private static final int READS_PER_HOLD = 128;

    private final TreeGate gate;
    private long stamp;
    private boolean entered;
    private int reads;

    ReadHold(TreeGate gate) {
        this.gate = gate;
    }

    /** @param answers of the connection whose burst it is */
    void enter(AnswerStream answers, JuteWriter out) {
        enter(1, answers, out);
    }

    /** For several reads, to be answered before the next call. */
    void enter(int count, AnswerStream answers, JuteWriter out) {
        if (entered && reads + count > READS_PER_HOLD) {
            leave();
        }
        if (!entered) {
            stamp = gate.enterShared();
            entered = true;
            reads = 0;
            answers.drain(out);
        }
        reads += count;
    }

    void leave() {
        if (entered) {
            gate.leaveShared(stamp);
            entered = false;
        }
    }
}
