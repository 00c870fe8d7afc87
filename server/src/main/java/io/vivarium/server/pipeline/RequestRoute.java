/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

/**
 * Where the requests of clients go that the memory of this server alone cannot answer: a session, a write.
 *
 * <p>Thread: client-io; never blocks, and returns at once but for {@link #standIn}. Answers come back through the {@link ClientLink} of the request, those of one link
 * in the order of its requests. A link that has ended is announced last; its writes still take effect (spec
 * client-protocol 9.5).
 */
public interface RequestRoute {
    /** A wish for a session, new or old; answered by {@code established} or {@code refused}. */
    void openSession(SessionRequest request);

    /**
     * A request that becomes a transaction; answered by being queued, with its result in it. It may be looked at only after
     * the next {@link #awaken}.
     */
    void submit(WriteRequest request);

    /** What was submitted so far waits for nothing any more. */
    void awaken();

    /** The same, said by a thread that holds nothing and has the time: it may find itself doing the work. */
    void standIn();

    /** The connection of a client has ended. */
    void ended(ClientLink link);
}
