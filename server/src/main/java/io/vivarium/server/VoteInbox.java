/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import io.vivarium.protocol.vote.Notification;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Votes on their way from the links to the core: a few of each peer, the newest (spec election 1.5).
 *
 * <p>A peer that sends faster than the core listens loses its oldest votes, which its newer ones make void; nobody else loses
 * any. Thread: any.
 */
final class VoteInbox {
    private static final int PER_PEER = 64;

    private final Map<Long, ArrayDeque<Notification>> byPeer = new HashMap<>();

    /** Leaves a vote; true if somebody has to be told that there is one more to take. */
    synchronized boolean put(long sid, Notification vote) {
        ArrayDeque<Notification> votes = byPeer.computeIfAbsent(sid, peer -> new ArrayDeque<>());
        boolean full = votes.size() == PER_PEER;
        if (full) {
            votes.removeFirst();
        }
        votes.addLast(vote);
        return !full;
    }

    /** The oldest vote of a peer; null if it has none. */
    synchronized @Nullable Notification take(long sid) {
        ArrayDeque<Notification> votes = byPeer.get(sid);
        if (votes == null) {
            return null;
        }
        Notification vote = votes.pollFirst();
        if (votes.isEmpty()) {
            byPeer.remove(sid);
        }
        return vote;
    }
}
