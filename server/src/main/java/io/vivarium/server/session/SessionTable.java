/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.session;

import io.vivarium.server.session.Session.Scope;
import java.util.Collection;
import java.util.Collections;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions a server knows, and who may use them (spec client-protocol 9.3, 9.4; quorum 9.2).
 *
 * <pre>
 *   LOCAL --beginUpgrade--&gt; UPGRADING --open (its createSession applied)--&gt; GLOBAL
 *   any --markClosing--&gt; closing --remove (its closeSession applied)--&gt; gone
 * </pre>
 *
 * <p>When sessions end is decided by {@link ExpiryBuckets}, on a leader for all and on any server for its local ones.
 * Pure. Thread: core.
 */
public final class SessionTable {
    private static final float LOAD_FACTOR = 0.75f;

    /** There may be very many, and most do nothing: no boxed key, no entry object. */
    private final Long2ObjectHashMap<Session> sessions = new Long2ObjectHashMap<>(16, LOAD_FACTOR, false);

    private int localCount;

    /**
     * A global session begins, or is known again with another timeout: createSession was prepared or applied, or a snapshot
     * was loaded. Also the end of an upgrade.
     */
    public Session open(long id, int timeoutMillis) {
        Session session = sessions.get(id);
        if (session == null) {
            session = new Session(id, timeoutMillis, Scope.GLOBAL);
            sessions.put(id, session);
            return session;
        }
        session.setTimeoutMillis(timeoutMillis);
        changeScope(session, Scope.GLOBAL);
        return session;
    }

    /** A session that only this server knows begins. */
    public Session openLocal(long id, int timeoutMillis) {
        Session session = new Session(id, timeoutMillis, Scope.LOCAL);
        if (sessions.put(id, session) != null) {
            throw new IllegalStateException("session 0x" + Long.toHexString(id) + " exists already");
        }
        localCount++;
        return session;
    }

    public @Nullable Session find(long id) {
        return sessions.get(id);
    }

    public boolean isKnown(long id) {
        return sessions.containsKey(id);
    }

    /** Forgets a session; the closeSession was applied. Answers it, or null when it was not known. */
    public @Nullable Session remove(long id) {
        Session removed = sessions.remove(id);
        if (removed != null && removed.scope() == Scope.LOCAL) {
            localCount--;
        }
        return removed;
    }

    /** From here on nothing of the session is served. False when it is not known or closing already. */
    public boolean markClosing(long id) {
        Session session = sessions.get(id);
        if (session == null || session.isClosing()) {
            return false;
        }
        session.setClosing(true);
        return true;
    }

    /**
     * The session check of a request that came through {@code owner}, a server's id. The first use settles the owner (spec
     * quorum 9.2).
     */
    public SessionVerdict check(long id, long owner) {
        Session session = sessions.get(id);
        if (session == null) {
            return SessionVerdict.UNKNOWN;
        }
        if (session.isClosing()) {
            return SessionVerdict.EXPIRED;
        }
        if (session.owner() == Session.NO_OWNER) {
            session.setOwner(owner);
        }
        return session.owner() == owner ? SessionVerdict.OK : SessionVerdict.MOVED;
    }

    /** As {@link #check}, for what only global sessions may do: own ephemerals (spec client-protocol 5.3.1, step 4). */
    public SessionVerdict checkGlobal(long id, long owner) {
        Session session = sessions.get(id);
        return session == null || session.scope() == Scope.GLOBAL ? check(id, owner) : SessionVerdict.UNKNOWN;
    }

    /**
     * A client re-attaches through {@code owner}, on this server or by REVALIDATE from a learner: with a live session it
     * takes the new timeout and the new owner (spec client-protocol 2.4, step 4). False: answer "invalid session".
     */
    public boolean reattach(long id, int timeoutMillis, long owner) {
        Session session = sessions.get(id);
        if (session == null || session.isClosing()) {
            return false;
        }
        session.setTimeoutMillis(timeoutMillis);
        session.setOwner(owner);
        return true;
    }

    /** As {@link #reattach} for a learner's client: a local session cannot be resumed elsewhere (spec client-protocol 9.4). */
    public boolean reattachGlobal(long id, int timeoutMillis, long owner) {
        Session session = sessions.get(id);
        return session != null && session.scope() == Scope.GLOBAL && reattach(id, timeoutMillis, owner);
    }

    /** A local session wants an ephemeral. True for the one caller who now has to submit its createSession. */
    public boolean beginUpgrade(long id) {
        Session session = sessions.get(id);
        if (session == null || session.isClosing() || session.scope() != Scope.LOCAL) {
            return false;
        }
        changeScope(session, Scope.UPGRADING);
        return true;
    }

    /** A new leader begins: the first use of each session settles its owner again, and what was closing is not. */
    public void restart() {
        for (Session session : sessions.values()) {
            session.setOwner(Session.NO_OWNER);
            session.setClosing(false);
        }
    }

    /** All sessions, in no order; not to be kept across changes. */
    public Collection<Session> all() {
        return Collections.unmodifiableCollection(sessions.values());
    }

    public int size() {
        return sessions.size();
    }

    public int localSize() {
        return localCount;
    }

    public void clear() {
        sessions.clear();
        localCount = 0;
    }

    private void changeScope(Session session, Scope scope) {
        if (session.scope() == Scope.LOCAL && scope != Scope.LOCAL) {
            localCount--;
        }
        session.setScope(scope);
    }
}
