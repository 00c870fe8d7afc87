/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.server.auth.Identities;
import io.vivarium.server.watch.Watcher;

/**
 * One client connection as the core sees it.
 *
 * <p>Thread: {@code core} calls {@link #queue}, {@link #established} and {@link #refused}; none of them blocks. What
 * was queued is sent in order. The link keeps working (and dropping what it is given) after its client has gone.
 */
public interface ClientLink extends Watcher {
    /** Queues something for the client. Inside the exclusive hold of the gate when it tells of a change. */
    void queue(Outgoing item);

    /** The session asked for exists now and belongs to this link: send the answer and go on reading. */
    void established(long sessionId, ConnectReply reply);

    /** The session asked for cannot be had: send the answer, then close (spec client-protocol 2.5). */
    void refused(ConnectReply reply);

    /** Close without a word. */
    default void hangUp() {
        queue(new Outgoing.Hangup());
    }

    /** The session of this connection; 0 until it has one. */
    long sessionId();

    /** False once the client has gone. */
    boolean isOpen();

    /** The identities the connection holds now. */
    Identities identities();

    /** When its client was last heard, {@code System.nanoTime} scale; read by the expiry of sessions. */
    long lastHeardNanos();
}
