/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.client;

import io.vivarium.protocol.client.WatchEvent;

/**
 * Sees what clients do and are told, in the order in which it happens to each of them.
 *
 * <p>Called for every operation, so it must be quick. Thread: the test's.
 */
public interface ClientObserver {
    /** A client has a connection and a session, a new one or the one it had. */
    default void connected(int client, long sessionId, int connection, long sid) {}

    /** A request leaves. */
    default void invoked(Operation operation) {}

    /** An answer has come; the operation has it. */
    default void answered(Operation operation) {}

    /** A notification has come; {@code zxid} is that of its header, -1 for what setWatches makes up. */
    default void notified(int client, int connection, long zxid, WatchEvent event) {}

    /** The connection is gone, the session is not; operations without an answer are in doubt, each told of by {@link #lost}. */
    default void disconnected(int client, long sessionId, int connection) {}

    /** An operation will never be answered. */
    default void lost(Operation operation) {}

    /** The client has no session any more: closed by it, refused by a server, or left behind without a word. */
    default void sessionOver(int client, long sessionId, SessionEnd end) {}

    /** How a session ends for its client. */
    enum SessionEnd {
        /** The answer to closeSession has come. */
        CLOSED,
        /** A server does not know it any more. */
        REFUSED,
        /** The client has died; the servers have to notice. */
        ABANDONED
    }
}
