/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.Session;
import io.vivarium.server.session.SessionIds;
import io.vivarium.server.session.SessionTable;
import java.util.List;

/**
 * Sessions that only this server knows: no transaction makes or ends them (spec client-protocol 9.4).
 *
 * <p>Thread: core.
 */
final class LocalSessionKeeper {
    private final LocalSessions policy;
    private final long serverId;
    private final SessionTable sessions;
    private final ExpiryBuckets expiry;
    private final SessionIds ids;
    private final LocalLinks links;
    private final ServerTime time;

    LocalSessionKeeper(ReplicaParts parts, LocalLinks links, ServerTime time) {
        this.policy = parts.localSessions();
        this.serverId = parts.serverId();
        this.sessions = parts.sessions();
        this.expiry = parts.expiry();
        this.ids = parts.sessionIds();
        this.links = links;
        this.time = time;
    }

    LocalSessions policy() {
        return policy;
    }

    boolean isLocal(long id) {
        Session session = sessions.find(id);
        return session != null && session.scope() == Session.Scope.LOCAL;
    }

    /** Begins a session and tells its client at once. */
    void open(SessionRequest request) {
        request.accept(begin(request));
    }

    /** Begins a session; its client has to be told of the id. */
    long begin(SessionRequest request) {
        long id = ids.next(sessions::isKnown);
        Session session = sessions.openLocal(id, request.timeoutMillis());
        sessions.reattach(id, request.timeoutMillis(), serverId);
        expiry.touch(session, time.millis());
        links.attach(id, request.link());
        return id;
    }

    /** Gives a session that is known to be local to another connection of its client. */
    void resume(SessionRequest request) {
        if (bring(request)) {
            request.accept(request.connect().sessionId());
        } else {
            request.refuse();
        }
    }

    /** The same before its client is told. False if the session has ended. */
    boolean bring(SessionRequest request) {
        long id = request.connect().sessionId();
        Session session = sessions.find(id);
        if (session == null || !sessions.reattach(id, request.timeoutMillis(), serverId)) {
            return false;
        }
        expiry.touch(session, time.millis());
        links.move(id, request.link());
        return true;
    }

    /** Its client closes it; the answer is the caller's. */
    void close(long id) {
        Session session = sessions.remove(id);
        if (session != null) {
            expiry.forget(session);
        }
    }

    void expire(Session session) {
        sessions.remove(session.id());
        ClientLink link = links.detach(session.id());
        if (link != null) {
            link.hangUp();
        }
    }

    /** The server leaves its role: sessions that nobody else knows end with it. */
    void endAll() {
        for (Session session : List.copyOf(sessions.all())) {
            if (session.scope() != Session.Scope.GLOBAL) {
                close(session.id());
            }
        }
    }
}
