/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.protocol.quorum.SessionTimeout;

/** A learner's way to its leader (spec quorum 7.3). Thread: core; never blocks. */
public interface Uplink {
    /**
     * Forwards a request. The answer to a write is its transaction, refused or not, in the order of forwarding; that to a sync
     * is {@link Replica#syncCompleted}.
     */
    void forward(ForwardedRequest request);

    /** The newest zxid that has come from the leader, decided or not. What is forwarded from now on gets a higher one. */
    long newestZxid();

    /** Asks whether a session is alive and makes it this server's. The answer is {@link Replica#sessionJudged}. */
    void bring(SessionTimeout session);
}
