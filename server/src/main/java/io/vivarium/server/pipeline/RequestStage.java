/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

/**
 * What a server does with what its clients ask, by its role (spec quorum 7.3, 9).
 *
 * <pre>
 *   ClosedStage       no role: nobody is served
 *   PreparingStage    on its own, or leading: requests become transactions here
 *   ForwardingStage   following or observing: the leader makes them
 *   ReadOnlyStage     no leader for a while: reads only
 * </pre>
 *
 * <p>One stage serves one term of one role and is thrown away with it. Thread: core.
 */
interface RequestStage {
    /** A client asks for a new session. */
    void openSession(SessionRequest request);

    /** A client asks for the session it had; its password is right. */
    void resumeSession(SessionRequest request);

    /** A write, a sync or the end of a session. */
    void write(WriteRequest request);

    /** The connection of a client has ended. */
    void disconnected(ClientLink link);

    /** The tree has this transaction now. */
    void applied(Proposal proposal);

    /** Does what is due by now. */
    void onTime();

    /** When {@link #onTime} has something to do next; nanoseconds of the monotonic clock. */
    long nextDeadlineNanos();

    /** The term ends: lets go of every client that waits here and is not attached yet. */
    void end();
}
