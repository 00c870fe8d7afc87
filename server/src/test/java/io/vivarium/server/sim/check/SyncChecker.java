/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.server.sim.client.Operation;

/**
 * After a sync a server shows at least what anybody had seen before the sync was sent (spec client-protocol 9.5).
 *
 * <p>{@link SessionOrderChecker} extends that to the reads behind it, for a session never goes back. Relies on the note of
 * {@link RealTimeChecker}. Thread: the test's.
 */
final class SyncChecker {
    private final Story story;
    private final SyncPromise promise;
    private long stale;

    SyncChecker(Story story, SyncPromise promise) {
        this.story = story;
        this.promise = promise;
    }

    void answered(Operation operation) {
        if (operation.op() != OpCode.SYNC || operation.reply().error() != 0) {
            return;
        }
        long shown = operation.reply().zxid();
        long due = operation.acknowledgedBefore();
        if (shown >= due) {
            return;
        }
        if (promise == SyncPromise.WITHIN_AN_EPOCH && Zxid.epoch(shown) < Zxid.epoch(due)) {
            stale++;
            return;
        }
        throw story.failure(operation + " was sent when " + Zxid.toString(due) + " had been answered, and shows less");
    }

    /** Syncs that a leader answered which had been deposed without knowing it. */
    long stale() {
        return stale;
    }
}
