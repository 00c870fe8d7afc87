/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.WatchEvent;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.server.sim.client.ClientObserver;
import io.vivarium.server.sim.client.Operation;
import java.util.function.LongSupplier;

/**
 * All checkers of one run, and the order in which they look.
 *
 * <pre>
 *   clients --ClientObserver--> Checks --> WriteChecker, ReadChecker, SessionOrderChecker, SyncChecker, RealTimeChecker,
 *   servers --applied--> CommittedHistory -->              WatchChecker, SessionEndChecker
 *           --changed--> NodeInvariants
 * </pre>
 *
 * A server reports a transaction with {@link #applied} before anybody can get an answer that shows it. Thread: the
 * test's.
 */
public final class Checks implements ClientObserver {
    private final Story story;
    private final CommittedHistory history;
    private final NodeInvariants nodes;
    private final WriteChecker writes;
    private final ReadChecker reads;
    private final RealTimeChecker realTime;
    private final SessionOrderChecker order;
    private final SyncChecker syncs;
    private final WatchChecker watches;
    private final SessionEndChecker sessions;
    private long answered;

    /**
     * @param rules as the servers are configured
     * @param promise what sync is held to
     */
    public Checks(long seed, LongSupplier clock, OwnerKind.Rules rules, SyncPromise promise) {
        this.story = new Story(seed, clock);
        Asked asked = new Asked();
        this.history = new CommittedHistory(story, asked, rules);
        this.nodes = new NodeInvariants(story, history);
        this.writes = new WriteChecker(story, asked, history);
        this.reads = new ReadChecker(story, history);
        this.realTime = new RealTimeChecker(story);
        this.order = new SessionOrderChecker(story);
        this.syncs = new SyncChecker(story, promise);
        this.watches = new WatchChecker(story, history);
        this.sessions = new SessionEndChecker(story, history, clock);
        history.onCommitted(realTime::committed);
        history.onCommitted(sessions::committed);
    }

    // ---- From the servers -------------------------------------------------------------------------------------

    /** A server applies a transaction; in its order, and before anything that follows from it. */
    public void applied(long sid, LoggedTxn txn) {
        history.applied(sid, txn);
    }

    public NodeInvariants nodes() {
        return nodes;
    }

    public CommittedHistory history() {
        return history;
    }

    /** For what the simulation wants to have in the story, such as faults. */
    public Story story() {
        return story;
    }

    /** Answers that clients have had. */
    public long answered() {
        return answered;
    }

    /** Syncs that saw less than they might, within {@link SyncPromise#WITHIN_AN_EPOCH}. */
    public long staleSyncs() {
        return syncs.stale();
    }

    /** Faults are healed and clients have been at rest for a while. */
    public void atQuiescence(long graceNanos) {
        sessions.atQuiescence(graceNanos);
    }

    // ---- From the clients -------------------------------------------------------------------------------------

    @Override
    public void connected(int client, long sessionId, int connection, long sid) {
        story.step("client " + client + " is connected to server " + sid + ", connection", connection);
        watches.connected(connection);
        sessions.connected(sessionId);
    }

    @Override
    public void invoked(Operation operation) {
        if (operation.op() != OpCode.PING) {
            story.step("sent", operation);
        }
        realTime.invoked(operation);
        writes.invoked(operation);
        order.invoked(operation);
    }

    @Override
    public void answered(Operation operation) {
        if (operation.op() != OpCode.PING) {
            story.step("answered", operation);
        }
        answered++;
        order.answered(operation);
        writes.answered(operation);
        reads.answered(operation);
        syncs.answered(operation);
        watches.answered(operation);
        realTime.answered(operation);
    }

    @Override
    public void notified(int client, int connection, long zxid, WatchEvent event) {
        story.step("client " + client + " hears", event);
        watches.notified(connection, zxid, event);
    }

    @Override
    public void disconnected(int client, long sessionId, int connection) {
        story.step("client " + client + " loses connection", connection);
        watches.disconnected(connection);
        order.disconnected(connection);
    }

    @Override
    public void sessionOver(int client, long sessionId, SessionEnd end) {
        story.step("client " + client + " has no session any more:", end);
        order.sessionOver(sessionId);
        sessions.sessionOver(sessionId);
    }
}
