/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.quorum.EpochPayload;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.util.ArrayDeque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A learner's second phase: its history becomes the leader's (spec quorum 7.1, in the order of 3.9.5).
 *
 * <pre>
 * DIFF   nothing to undo                          committed transactions: log and tree
 * TRUNC  cut back, durably, then as DIFF          (stock applies them to the tree only and writes a snapshot)
 * SNAP   image into a fresh tree                  committed transactions: tree only
 *
 * NEWLEADER   SNAP: snapshot durable  |  DIFF, TRUNC: log durable  -&gt;  currentEpoch durable  -&gt;  ACK
 *             from here on everything is collected, because no proposal may be acknowledged yet (ZOOKEEPER-4685)
 * UPTODATE    ACK again; serve; log what was collected, apply what of it is committed (ZOOKEEPER-4394)
 * </pre>
 *
 * Transactions of a DIFF are logged and applied as their commits come, not collected until NEWLEADER: what counts is that
 * they are durable before the epoch file is (ZOOKEEPER-4643, 4646), and a long catch-up need not fit into memory. Only
 * the proposals that the leader has not committed yet wait.
 *
 * <p>Packets of other types are ignored; a PING above all is not answered (trap 1). Thread: core.
 */
final class LearnerSynchronization {
    private final LearnerContext context;
    private final LearnerBroadcast broadcast;

    /** Where committed transactions go. */
    private enum Target {
        /** Log and tree. */
        LOG,
        /** The tree only, until its snapshot is written. */
        IMAGE,
        /** Nowhere yet: the history is still being cut back, or NEWLEADER has come. */
        LATER
    }

    private Target target = Target.LATER;
    private @Nullable Contiguity contiguity;
    /** Proposals without a commit, oldest first; bounded by what the leader has outstanding. */
    private final ArrayDeque<Proposal> uncommitted = new ArrayDeque<>();
    /** Committed while the target was LATER, oldest first. */
    private final ArrayDeque<Proposal> committed = new ArrayDeque<>();

    private String operation = "";
    private long truncatingTo;
    private boolean truncating;
    private boolean installing;
    private boolean epochAsked;
    private long lastLogged;
    private long lastSynced;
    private long lastApplied;
    private long lastCommitted;
    private boolean newLeaderSeen;
    private byte @Nullable [] configuration;
    private PeerFeatures features = PeerFeatures.CURRENT;

    LearnerSynchronization(LearnerContext context, LearnerBroadcast broadcast) {
        this.context = context;
        this.broadcast = broadcast;
    }

    /** How the history is taken over: {@code diff}, {@code trunc} or {@code snap}; empty while that is not known. */
    String operation() {
        return operation;
    }

    /** The first packet of the phase. */
    void onOperation(QuorumPacket packet) {
        context.state = LearnerContext.State.CATCH_UP;
        operation = PacketType.name(packet.type()).toLowerCase(Locale.ROOT);
        lastApplied = context.start.lastZxid();
        switch (packet.type()) {
            case PacketType.DIFF:
                // The zxid of DIFF is no promise and is not used (ZOOKEEPER-2355, traps 7 and 8).
                if (context.announcedZxid < context.start.lastZxid()) {
                    // It follows the empty history that was announced; the real one must go first.
                    truncate(context.announcedZxid);
                } else {
                    contiguity = Contiguity.after(context.start.lastZxid());
                    target = Target.LOG;
                }
                break;
            case PacketType.TRUNC:
                truncate(packet.zxid());
                break;
            case PacketType.SNAP:
                contiguity = Contiguity.afterImage(packet.zxid());
                target = Target.IMAGE;
                lastApplied = packet.zxid();
                context.deadlineNanos = LearnerContext.NO_DEADLINE;
                context.emit(new ZabAction.ReceiveImage(context.link, packet.zxid()));
                break;
            default:
                context.exit("the leader sent " + packet + " where DIFF, TRUNC or SNAP must come");
                break;
        }
    }

    private void truncate(long zxid) {
        if (zxid > context.start.lastZxid()) {
            context.exit("the leader sent TRUNC " + Zxid.toString(zxid) + ", the last zxid here is only "
                    + Zxid.toString(context.start.lastZxid()));
            return;
        }
        truncating = true;
        truncatingTo = zxid;
        lastApplied = zxid;
        contiguity = Contiguity.after(zxid);
        context.emit(new ZabAction.TruncateHistory(zxid));
    }

    void onHistoryTruncated(long lastZxid) {
        if (!truncating) {
            throw Invariant.broken("7.1", "a history was truncated that nobody asked to");
        }
        truncating = false;
        boolean exact = lastZxid == truncatingTo || (Zxid.counter(truncatingTo) == 0 && lastZxid < truncatingTo);
        if (!exact) {
            String reason = "the history was to be cut back to " + Zxid.toString(truncatingTo) + " and ends with "
                    + Zxid.toString(lastZxid);
            if (lastZxid > truncatingTo) {
                context.askForImage(reason);
            } else {
                context.exit(reason, Resync.FROM_SNAPSHOT);
            }
            return;
        }
        target = Target.LOG;
        placeCommitted();
        if (newLeaderSeen) {
            target = Target.LATER;
        }
        settle();
    }

    void onImageReceived() {
        context.heard();
    }

    void onPacket(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.PROPOSAL:
                propose(new Proposal(packet.zxid(), packet.dataOrEmpty()));
                break;
            case PacketType.COMMIT:
                commit(packet.zxid());
                break;
            case PacketType.COMMIT_AND_ACTIVATE:
                activate(packet.zxid(), EpochPayload.readDesignatedLeader(packet));
                commit(packet.zxid());
                break;
            case PacketType.INFORM:
                propose(new Proposal(packet.zxid(), packet.dataOrEmpty()));
                commit(packet.zxid());
                break;
            case PacketType.INFORM_AND_ACTIVATE:
                propose(new Proposal(packet.zxid(), EpochPayload.readInformedTxn(packet)));
                activate(packet.zxid(), EpochPayload.readDesignatedLeader(packet));
                commit(packet.zxid());
                break;
            case PacketType.NEW_LEADER:
                onNewLeader(packet);
                break;
            case PacketType.UP_TO_DATE:
                onUpToDate();
                break;
            default:
                break;
        }
    }

    private void propose(Proposal proposal) {
        if (context.state == LearnerContext.State.OVER) {
            return;
        }
        if (contiguity == null || !contiguity.accept(proposal.zxid())) {
            context.exit(
                    "proposal " + Zxid.toString(proposal.zxid()) + " does not follow " + contiguity,
                    // The leader would send the same again; an image has no holes.
                    Resync.FROM_IMAGE);
            return;
        }
        uncommitted.addLast(proposal);
    }

    private void activate(long zxid, long designatedLeader) {
        Proposal head = uncommitted.peekFirst();
        if (head != null && head.zxid() == zxid) {
            context.emit(new ZabAction.ActivateReconfiguration(head, designatedLeader));
        }
    }

    private void commit(long zxid) {
        if (context.state == LearnerContext.State.OVER || zxid <= lastCommitted) {
            return;
        }
        Proposal head = uncommitted.peekFirst();
        if (head == null || head.zxid() != zxid) {
            context.exit("commit of " + Zxid.toString(zxid) + " came where "
                    + (head == null ? "nothing" : Zxid.toString(head.zxid())) + " is proposed");
            return;
        }
        lastCommitted = zxid;
        committed.addLast(uncommitted.removeFirst());
        placeCommitted();
    }

    private void placeCommitted() {
        while (target != Target.LATER && !committed.isEmpty()) {
            Proposal proposal = committed.removeFirst();
            if (target == Target.LOG) {
                lastLogged = proposal.zxid();
                context.emit(new ZabAction.AppendToJournal(proposal));
            }
            lastApplied = Math.max(lastApplied, proposal.zxid());
            context.emit(new ZabAction.Commit(proposal));
        }
    }

    private void onNewLeader(QuorumPacket packet) {
        if (context.state != LearnerContext.State.CATCH_UP || newLeaderSeen) {
            context.exit("the leader sent NEWLEADER twice");
            return;
        }
        if (packet.zxid() != Zxid.of(context.epoch, 0)) {
            context.exit(
                    "NEWLEADER names " + Zxid.toString(packet.zxid()) + " and not the promised epoch " + context.epoch);
            return;
        }
        newLeaderSeen = true;
        context.state = LearnerContext.State.SETTLE;
        context.heard();
        if (packet.data() == null) {
            features = PeerFeatures.LEGACY;
        } else if (packet.data().length > 1) {
            configuration = packet.data();
            context.emit(new ZabAction.ConfigurationSeen(packet.data()));
        }
        if (target == Target.IMAGE) {
            installing = true;
            context.emit(new ZabAction.InstallSnapshot(lastApplied));
        }
        // What is committed from now on is for proposals that NEWLEADER does not promise; it waits for UPTODATE.
        target = Target.LATER;
        settle();
    }

    void onSnapshotInstalled(long zxid) {
        if (!installing || zxid != lastApplied) {
            throw Invariant.broken(
                    "7.1",
                    "snapshot " + Zxid.toString(zxid) + " was installed where " + Zxid.toString(lastApplied)
                            + " was asked");
        }
        installing = false;
        settle();
    }

    void onJournalSynced(long zxid) {
        lastSynced = Math.max(lastSynced, zxid);
        settle();
    }

    /** Once the history is durable, makes the epoch durable (I4). */
    private void settle() {
        boolean durable = !truncating && !installing && lastSynced >= lastLogged;
        if (context.state == LearnerContext.State.SETTLE && durable && !epochAsked) {
            epochAsked = true;
            context.emit(new ZabAction.StoreEpoch(EpochKind.CURRENT, context.epoch));
        }
    }

    void onEpochStored(long epoch) {
        if (context.state != LearnerContext.State.SETTLE || epoch != context.epoch) {
            throw Invariant.broken("I1", "current epoch " + epoch + " was stored in state " + context.state);
        }
        context.state = LearnerContext.State.WAIT_UP;
        context.heard();
        acknowledge();
    }

    private void acknowledge() {
        context.send(QuorumPacket.of(PacketType.ACK, Zxid.of(context.epoch, 0)));
    }

    private void onUpToDate() {
        if (context.state != LearnerContext.State.WAIT_UP) {
            context.exit("the leader sent UPTODATE before NEWLEADER was acknowledged");
            return;
        }
        if (configuration != null) {
            context.emit(new ZabAction.ActivateLastSeen());
        }
        acknowledge();
        context.state = LearnerContext.State.LIVE;
        context.emit(new ZabAction.StartServing(context.epoch, features));
        if (contiguity == null) {
            throw Invariant.broken("7.1", "live without a history");
        }
        broadcast.begin(committed, uncommitted, contiguity);
    }
}
