/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.txn.Txn;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * No ephemeral outlives its session, and no session outlives its client by more than its timeout and a grace (spec
 * client-protocol 9.2).
 *
 * <p>That the close of a session takes its ephemerals along is checked with every transaction, by the digest. What is left to
 * ask when all is quiet is whether each close has come. Thread: the test's.
 */
final class SessionEndChecker {
    private static final long MILLI = 1_000_000;

    private final Story story;
    private final CommittedHistory history;
    private final LongSupplier clock;
    private final Map<Long, Long> lastSignNanos = new HashMap<>();
    private final Set<Long> held = new HashSet<>();

    SessionEndChecker(Story story, CommittedHistory history, LongSupplier clock) {
        this.story = story;
        this.history = history;
        this.clock = clock;
    }

    void committed(Committed committed) {
        long session = committed.txn().header().clientId();
        if (committed.txn().body() instanceof Txn.CreateSession) {
            lastSignNanos.put(session, clock.getAsLong());
        } else if (committed.txn().body() instanceof Txn.CloseSession) {
            lastSignNanos.remove(session);
        }
    }

    void connected(long session) {
        held.add(session);
    }

    void sessionOver(long session) {
        held.remove(session);
        lastSignNanos.computeIfPresent(session, (id, before) -> clock.getAsLong());
    }

    /** Faults are healed and nothing has happened for a while: who is gone has to be gone. */
    void atQuiescence(long graceNanos) {
        long now = clock.getAsLong();
        history.openSessions().forEach((session, timeoutMillis) -> {
            long sign = lastSignNanos.getOrDefault(session, 0L);
            if (!held.contains(session) && now - sign > timeoutMillis * MILLI + graceNanos) {
                throw story.failure("session 0x" + Long.toHexString(session) + " with a timeout of " + timeoutMillis
                        + " ms lives on " + (now - sign) / MILLI + " ms after its client, with "
                        + history.tree().ephemeralsOf(session));
            }
        });
        for (long owner : history.tree().owners()) {
            if (!history.openSessions().containsKey(owner)) {
                throw story.failure("session 0x" + Long.toHexString(owner) + " is closed and still owns "
                        + history.tree().ephemeralsOf(owner));
            }
        }
    }
}
