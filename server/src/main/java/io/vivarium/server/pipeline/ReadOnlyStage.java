/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.Session;
import io.vivarium.server.session.SessionTable;

/**
 * A member that has found no leader for a while: clients that accept an old state are answered from it (spec client-protocol
 * 12).
 *
 * <p>Their sessions are local and end with the mode. A session of the ensemble cannot be resumed here, for nobody could say
 * whether it still lives. Thread: core.
 */
final class ReadOnlyStage implements RequestStage {
    private final SessionTable sessions;
    private final ExpiryBuckets expiry;
    private final LocalLinks links;
    private final LocalSessionKeeper locals;
    private final CommitStage commits;
    private final ServerTime time;

    ReadOnlyStage(
            ReplicaParts parts, LocalLinks links, LocalSessionKeeper locals, CommitStage commits, ServerTime time) {
        this.sessions = parts.sessions();
        this.expiry = parts.expiry();
        this.links = links;
        this.locals = locals;
        this.commits = commits;
        this.time = time;
    }

    @Override
    public void openSession(SessionRequest request) {
        if (request.connect().readOnly()) {
            request.acceptReadOnly(locals.begin(request));
        } else {
            request.link().hangUp();
        }
    }

    @Override
    public void resumeSession(SessionRequest request) {
        long id = request.connect().sessionId();
        if (request.connect().readOnly() && locals.isLocal(id) && locals.bring(request)) {
            request.acceptReadOnly(id);
        } else {
            request.link().hangUp();
        }
    }

    @Override
    public void write(WriteRequest request) {
        commits.answerReadsAhead(request);
        if (request.op() == OpCode.CLOSE_SESSION) {
            locals.close(request.sessionId());
            request.answered(commits.lastApplied(), ErrorCode.OK);
            links.detach(request.sessionId());
        } else {
            request.answered(commits.lastApplied(), ErrorCode.NOT_READ_ONLY);
        }
    }

    @Override
    public void disconnected(ClientLink link) {
        Session session = sessions.find(link.sessionId());
        if (session != null && links.find(session.id()) == link) {
            expiry.touch(session, link.lastHeardNanos() / 1_000_000);
        }
    }

    @Override
    public void applied(Proposal proposal) {
        // Nothing is decided in this mode.
    }

    @Override
    public void onTime() {
        if (expiry.nextDeadlineMillis() <= time.millis()) {
            for (Session session : expiry.due(time.millis(), links)) {
                locals.expire(session);
            }
        }
    }

    @Override
    public long nextDeadlineNanos() {
        long millis = expiry.nextDeadlineMillis();
        return millis == ExpiryBuckets.NO_DEADLINE ? Long.MAX_VALUE : millis * 1_000_000;
    }

    @Override
    public void end() {
        // Whoever is attached is let go with all others.
    }
}
