/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.server.sim.client.Operation;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Answers come in the order of the requests, and a session never sees less than it has seen before: on one connection nor
 * after it has moved (spec client-protocol 9.5). With {@link ReadChecker} that is read-your-writes. Thread: the test's.
 */
final class SessionOrderChecker {
    private final Story story;
    private final Map<Integer, ArrayDeque<Operation>> pending = new HashMap<>();
    private final Map<Integer, Long> seenByConnection = new HashMap<>();
    private final Map<Long, Long> seenBySession = new HashMap<>();

    SessionOrderChecker(Story story) {
        this.story = story;
    }

    void invoked(Operation operation) {
        pending.computeIfAbsent(operation.connection(), connection -> new ArrayDeque<>())
                .addLast(operation);
    }

    void answered(Operation operation) {
        ArrayDeque<Operation> queue = pending.get(operation.connection());
        Operation first = queue == null ? null : queue.pollFirst();
        if (first != operation) {
            throw story.failure(operation + " is answered before " + first + ", which was sent earlier");
        }
        long zxid = operation.reply().zxid();
        Long onConnection = seenByConnection.put(operation.connection(), zxid);
        Long inSession = seenBySession.getOrDefault(operation.sessionId(), 0L);
        if (zxid < inSession || (onConnection != null && zxid < onConnection)) {
            throw story.failure(operation + " goes back: its session has seen " + Zxid.toString(inSession)
                    + (onConnection == null ? "" : ", its connection " + Zxid.toString(onConnection)));
        }
        if (operation.op() != OpCode.PING) {
            // Clients do not carry the zxid of a ping to another server.
            seenBySession.put(operation.sessionId(), zxid);
        }
    }

    void disconnected(int connection) {
        pending.remove(connection);
        seenByConnection.remove(connection);
    }

    void sessionOver(long session) {
        seenBySession.remove(session);
    }
}
