/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.quorum.SessionTimeout;
import java.util.List;
import java.util.Locale;

/**
 * A server that follows or observes, from the moment election has named its leader until it leaves the role (spec quorum
 * 6, 7, 8.1).
 *
 * <p>Pure: {@link #step} with each event; the answer is what to do, in order. One core serves one link: whoever dials
 * makes the attempts (spec quorum 6.1) and gives {@link LearnerEvent.Connected} or {@link LearnerEvent.LinkClosed}. The
 * phases are {@link LearnerDiscovery}, {@link LearnerSynchronization} and {@link LearnerBroadcast}.
 *
 * <p>After {@link ZabAction.ExitRole} the core is spent: it answers every event with nothing. What the leader does wrong
 * ends the role, never the process; an {@link IllegalStateException} is an error of this server. Thread: core.
 */
public final class LearnerCore implements ZabCore<LearnerEvent> {
    private final LearnerContext context;
    private final LearnerDiscovery discovery;
    private final LearnerSynchronization synchronization;
    private final LearnerBroadcast broadcast;

    public LearnerCore(LearnerStart start, ZabConfig config) {
        this.context = new LearnerContext(start, config);
        this.discovery = new LearnerDiscovery(context);
        this.broadcast = new LearnerBroadcast(context);
        this.synchronization = new LearnerSynchronization(context, broadcast);
    }

    @Override
    public List<ZabAction> step(LearnerEvent event, long nowNanos) {
        if (isOver()) {
            return List.of();
        }
        context.nowNanos = nowNanos;
        event.deliver(this);
        return context.takeActions();
    }

    @Override
    public long deadlineNanos() {
        return context.deadlineNanos;
    }

    @Override
    public boolean isOver() {
        return context.state == LearnerContext.State.OVER;
    }

    /** True while clients are served: from UPTODATE on. */
    public boolean isServing() {
        return context.state == LearnerContext.State.LIVE;
    }

    /** True once NEWLEADER is acknowledged: the history is the ensemble's again, whatever it was before. */
    public boolean isSettled() {
        return context.state == LearnerContext.State.WAIT_UP || isServing();
    }

    /** The leader's epoch, -1 while it is not known. */
    public long epoch() {
        return context.epoch;
    }

    @Override
    public String phase() {
        switch (context.state) {
            case CONNECT, EPOCH, PROMISE:
                return "discovery";
            case OPERATION, SETTLE, WAIT_UP:
                return "synchronization";
            case CATCH_UP:
                return "synchronization - " + synchronization.operation();
            case LIVE:
                return "broadcast";
            default:
                return context.state.name().toLowerCase(Locale.ROOT);
        }
    }

    void onConnected(long link) {
        if (context.state != LearnerContext.State.CONNECT) {
            throw Invariant.broken("7.5", "link " + link + " was made in state " + context.state);
        }
        discovery.onConnected(link);
    }

    void onLinkClosed(String reason) {
        context.exit("the link to the leader is gone: " + reason);
    }

    void onPacket(QuorumPacket packet) {
        try {
            dispatch(packet);
        } catch (MalformedDataException e) {
            context.exit("data of " + packet + " is malformed: " + e.getMessage());
        }
    }

    private void dispatch(QuorumPacket packet) {
        context.heard();
        switch (context.state) {
            case EPOCH:
                discovery.onLeaderInfo(packet);
                break;
            case OPERATION:
                synchronization.onOperation(packet);
                break;
            case CATCH_UP, SETTLE, WAIT_UP:
                synchronization.onPacket(packet);
                break;
            case LIVE:
                broadcast.onPacket(packet);
                break;
            default:
                context.exit("the leader sent " + packet + " in state " + context.state);
                break;
        }
    }

    void onEpochStored(EpochKind kind, long epoch) {
        if (kind == EpochKind.ACCEPTED) {
            discovery.onPromiseStored(epoch);
        } else {
            synchronization.onEpochStored(epoch);
        }
    }

    void onHistoryTruncated(long lastZxid) {
        synchronization.onHistoryTruncated(lastZxid);
    }

    void onImageReceived() {
        synchronization.onImageReceived();
    }

    void onSnapshotInstalled(long zxid) {
        synchronization.onSnapshotInstalled(zxid);
    }

    void onJournalSynced(long zxid) {
        if (isServing()) {
            broadcast.onJournalSynced(zxid);
        } else {
            synchronization.onJournalSynced(zxid);
        }
    }

    void onClientRequest(ForwardedRequest request) {
        requireServing("a request");
        broadcast.onClientRequest(request);
    }

    void onSessionBrought(SessionTimeout session) {
        requireServing("a session");
        broadcast.onSessionBrought(session);
    }

    private void requireServing(String what) {
        if (!isServing()) {
            throw Invariant.broken("7.3", what + " of a client came in state " + context.state);
        }
    }

    void onTimePassed() {
        if (context.nowNanos - context.deadlineNanos >= 0) {
            context.exit("nothing came from the leader in time, in state " + context.state);
        }
    }
}
