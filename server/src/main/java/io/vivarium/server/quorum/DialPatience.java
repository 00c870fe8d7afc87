/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.protocol.ensemble.Member;
import io.vivarium.server.quorum.zab.LearnerRole;
import org.jspecify.annotations.Nullable;

/**
 * How long a learner goes on dialling a leader whose link opens and ends before a word is said.
 *
 * <p>A leader opens its port when it knows that it was elected, which may be a moment after its followers know. Behind a proxy
 * or a port forwarder that is no refused connection, which would be tried again, but one that opens and ends (spec election
 * 7.3). A follower that then goes back to the election does so in a round of its own, and may never meet its leader. Pure.
 * Thread: core.
 */
final class DialPatience {
    static final DialPatience NONE = new DialPatience(null, LearnerRole.FOLLOWER);

    private static final int ATTEMPTS = 5;
    private static final long FIRST_PAUSE_NANOS = 100_000_000L;

    private final @Nullable Member leader;
    private final LearnerRole role;
    private int attempts;
    private boolean opened;
    private boolean heard;

    DialPatience(@Nullable Member leader, LearnerRole role) {
        this.leader = leader;
        this.role = role;
    }

    Member leader() {
        if (leader == null) {
            throw new IllegalStateException("no leader was elected");
        }
        return leader;
    }

    LearnerRole role() {
        return role;
    }

    /** The link is open. */
    void opened() {
        opened = true;
    }

    /** The leader said something: from now on an end is an end. */
    void heard() {
        heard = true;
    }

    /** Whether a link that has ended is worth another attempt. */
    boolean mayTryAgain() {
        return opened && !heard && attempts < ATTEMPTS - 1;
    }

    /** When that attempt is due; each pause is twice the one before. */
    long nextAttempt(long nowNanos) {
        opened = false;
        return nowNanos + (FIRST_PAUSE_NANOS << attempts++);
    }
}
