/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.server.sim.client.Operation;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The writes that clients have sent, by session and xid; kept for good where their end is not known. Thread: the test's. */
final class Asked {
    private final Map<Long, Map<Integer, Operation>> bySession = new HashMap<>();

    void add(Operation operation) {
        bySession
                .computeIfAbsent(operation.sessionId(), session -> new HashMap<>())
                .put(operation.xid(), operation);
    }

    @Nullable
    Operation find(long session, int xid) {
        Map<Integer, Operation> operations = bySession.get(session);
        return operations == null ? null : operations.get(xid);
    }

    /** Answered and checked; a transaction for it from now on is one that nobody asked for. */
    void settled(Operation operation) {
        Map<Integer, Operation> operations = bySession.get(operation.sessionId());
        if (operations != null) {
            operations.remove(operation.xid());
            if (operations.isEmpty()) {
                bySession.remove(operation.sessionId());
            }
        }
    }
}
