/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.server.sim.client.Operation;

/**
 * Writes are linearizable: what begins after something was answered to anybody comes after it in the order of zxids.
 *
 * <p>Answers to reads count, too: who has seen a transaction may tell others. Notes at each write and each sync what had been
 * seen when it left. Thread: the test's.
 */
final class RealTimeChecker {
    private final Story story;
    private long seen;

    RealTimeChecker(Story story) {
        this.story = story;
    }

    void invoked(Operation operation) {
        if (operation.isWrite() || operation.op() == OpCode.SYNC) {
            operation.noteAcknowledgedBefore(seen);
        }
    }

    void answered(Operation operation) {
        seen = Math.max(seen, operation.reply().zxid());
    }

    void committed(Committed committed) {
        Operation operation = committed.operation();
        if (operation != null && committed.zxid() <= operation.acknowledgedBefore()) {
            throw story.failure(operation + " was sent after " + Zxid.toString(operation.acknowledgedBefore())
                    + " had been answered, and is ordered before it");
        }
    }
}
