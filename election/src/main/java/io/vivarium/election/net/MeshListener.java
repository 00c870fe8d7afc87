/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import io.vivarium.protocol.vote.Notification;

/**
 * What a {@link VoteMesh} tells its owner. Thread: peer-io; every method must return at once.
 *
 * <p>The owner puts each call into a bounded queue of its own; when that is full it may drop the oldest notification of
 * a peer, as stock servers do (spec election 1.5), but not a connect or disconnect.
 */
public interface MeshListener {
    /**
     * A link to {@code sid} is open, be it the first or one that replaces another. What waited for the peer was dropped:
     * it may be out of date, and now is the time to send what is true.
     */
    void connected(long sid);

    /** The last link to {@code sid} is gone. */
    void disconnected(long sid);

    /** A well-formed notification, in the order of its link. */
    void received(long sid, Notification message);

    /** The election port cannot be opened; others cannot reach us any more. */
    void listenFailed(ListenFailure failure);
}
