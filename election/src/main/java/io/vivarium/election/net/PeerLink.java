/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import io.vivarium.protocol.vote.Notification;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * All the mesh knows about one peer: its slot, its connection, and the dialling that goes on.
 *
 * <p>The slot holds one notification, the newest (spec election 1.5). Thread: {@link #offer} any, the rest peer-io.
 */
final class PeerLink {
    private final long sid;
    private final AtomicReference<@Nullable Notification> slot = new AtomicReference<>();
    private final RedialPolicy redial = new RedialPolicy();
    private @Nullable VoteConnection connection;
    private @Nullable Future<?> nextDial;
    private boolean dialling;
    private int attempts;

    PeerLink(long sid) {
        this.sid = sid;
    }

    long sid() {
        return sid;
    }

    RedialPolicy redial() {
        return redial;
    }

    /** Replaces what waits; true when nothing did, so that one wake-up is enough for any number of offers. */
    boolean offer(Notification message) {
        return slot.getAndSet(message) == null;
    }

    @Nullable
    Notification take() {
        return slot.getAndSet(null);
    }

    @Nullable
    VoteConnection connection() {
        return connection;
    }

    /** Installs a connection and returns the one it replaces. What waited is dropped: it may be out of date. */
    @Nullable
    VoteConnection connect(VoteConnection newest) {
        VoteConnection previous = connection;
        connection = newest;
        slot.set(null);
        redial.onConnected();
        cancelDial();
        return previous;
    }

    /** Forgets {@code gone} unless a newer one took its place. */
    boolean disconnect(VoteConnection gone) {
        if (connection != gone) {
            return false;
        }
        connection = null;
        return true;
    }

    /** At most one dial is under way; false when there is one. */
    boolean startDial() {
        if (dialling) {
            return false;
        }
        cancelDial();
        dialling = true;
        attempts++;
        return true;
    }

    void endDial() {
        dialling = false;
    }

    boolean isDialling() {
        return dialling;
    }

    /** How many dials there were; chooses among several addresses. */
    int attempts() {
        return attempts;
    }

    void planDial(Future<?> planned) {
        cancelDial();
        nextDial = planned;
    }

    void cancelDial() {
        if (nextDial != null) {
            nextDial.cancel(false);
            nextDial = null;
        }
    }
}
