/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.session;

import org.jspecify.annotations.Nullable;

/**
 * One session as the core knows it. Changed only by {@link SessionTable} and {@link ExpiryBuckets}. Thread: core.
 */
public final class Session {
    /** No server has used the session since this leader began. */
    public static final long NO_OWNER = Long.MIN_VALUE;

    /** How far a session is known (spec client-protocol 9.4). */
    public enum Scope {
        /** To the whole ensemble, by a logged transaction. */
        GLOBAL,
        /** To the server that created it, and to nobody else. */
        LOCAL,
        /** Was local; its createSession is on the way. */
        UPGRADING
    }

    private final long id;
    private int timeoutMillis;
    private long owner = NO_OWNER;
    private Scope scope;
    private boolean closing;

    /** Where the session stands in {@link ExpiryBuckets}. */
    @Nullable
    ExpiryEntry expiry;

    Session(long id, int timeoutMillis, Scope scope) {
        this.id = id;
        this.timeoutMillis = timeoutMillis;
        this.scope = scope;
    }

    public long id() {
        return id;
    }

    public int timeoutMillis() {
        return timeoutMillis;
    }

    /** The server through which the session's requests come, by its id; {@link #NO_OWNER} before the first. */
    public long owner() {
        return owner;
    }

    public Scope scope() {
        return scope;
    }

    /** Expired or being closed: nothing of it is served any more. */
    public boolean isClosing() {
        return closing;
    }

    void setTimeoutMillis(int timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
    }

    void setOwner(long owner) {
        this.owner = owner;
    }

    void setScope(Scope scope) {
        this.scope = scope;
    }

    void setClosing(boolean closing) {
        this.closing = closing;
    }

    @Override
    public String toString() {
        return "session 0x" + Long.toHexString(id) + " " + scope + " " + timeoutMillis + "ms"
                + (closing ? " closing" : "");
    }
}
