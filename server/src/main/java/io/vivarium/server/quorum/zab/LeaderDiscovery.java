/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.quorum.EpochPayload;
import io.vivarium.protocol.quorum.LearnerInfo;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The leader's first phase: a quorum agrees on an epoch that none of it has promised before (spec quorum 3.2), and
 * promises it while showing that none of it has a newer history (spec quorum 3.3).
 *
 * <p>Both questions stay answered once they are: later learners are told the epoch and compared with nothing, except that
 * a voter which has promised a higher one ends this leader's time. Thread: core.
 */
final class LeaderDiscovery {
    /** Epochs are the upper half of a signed zxid; one more would make zxids negative. */
    private static final long LAST_EPOCH = Integer.MAX_VALUE - 1L;

    private final LeaderContext context;
    private final LeaderSynchronization synchronization;

    private final Set<Long> connected = new HashSet<>();
    private long proposedEpoch = -1;
    private boolean epochDecided;
    private boolean epochAnnounced;

    private final Set<Long> electing = new HashSet<>();
    private boolean electionFinished;
    private boolean epochTaken;

    LeaderDiscovery(LeaderContext context, LeaderSynchronization synchronization) {
        this.context = context;
        this.synchronization = synchronization;
    }

    void begin() {
        context.phaseDeadlineTurn = context.turnAfter(context.config.initLimitTicks());
        considerEpoch(context.start.myId(), context.start.acceptedEpoch());
    }

    /** True while the epoch is not decided: the leader may give up early then. */
    boolean awaitsEpoch() {
        return !epochDecided;
    }

    void onInfo(LearnerPeer peer, QuorumPacket packet) {
        if (packet.type() != PacketType.FOLLOWER_INFO && packet.type() != PacketType.OBSERVER_INFO) {
            context.close(peer, "first packet is " + packet + ", not FOLLOWERINFO or OBSERVERINFO");
            return;
        }
        LearnerInfo info = LearnerInfo.read(packet.data(), -1);
        String refusal = refusal(info, Zxid.epoch(packet.zxid()));
        if (refusal != null) {
            context.close(peer, refusal);
            return;
        }
        boolean votes = packet.type() == PacketType.FOLLOWER_INFO
                && context.ensembles.committed().isVoter(info.serverId());
        if (epochDecided && votes && Zxid.epoch(packet.zxid()) > proposedEpoch) {
            makeRoomFor(info.serverId(), Zxid.epoch(packet.zxid()));
            return;
        }
        LearnerPeer older = context.bySid(info.serverId());
        if (older != null) {
            context.close(older, "connected again on link " + peer.link);
        }
        peer.info = info;
        peer.observer = packet.type() == PacketType.OBSERVER_INFO;
        context.updateFeatures();
        context.enter(peer, LearnerPeer.State.EPOCH);
        peer.deadlineTurn = context.turnAfter(context.config.initLimitTicks());
        considerEpoch(info.serverId(), Zxid.epoch(packet.zxid()));
        if (epochAnnounced) {
            announce(peer);
        }
    }

    /**
     * A voter has promised an epoch that this leader never heard of, as one does that was elected and died behind its own
     * promise. It may follow nobody below that, and would try for as long as this leader lasts. So the leader gives up once,
     * and promises the same, so that the epoch it next leads is above.
     */
    private void makeRoomFor(long sid, long promised) {
        context.emit(new ZabAction.StoreEpoch(EpochKind.ACCEPTED, promised));
        context.exit("server " + sid + " has promised epoch " + promised + " and may not follow a leader of epoch "
                + proposedEpoch);
    }

    private @Nullable String refusal(LearnerInfo info, long acceptedEpoch) {
        if (info.protocolVersion() < LearnerInfo.PROTOCOL_VERSION) {
            return "protocol version " + info.protocolVersion() + " is older than 3.4";
        }
        if (info.serverId() == context.start.myId()) {
            return "server " + info.serverId() + " is this server";
        }
        if (info.configVersion() > context.ensembles.committed().version()) {
            return "configuration version "
                    + Zxid.toString(info.configVersion())
                    + " is newer than the leader's "
                    + Zxid.toString(context.ensembles.committed().version());
        }
        if (acceptedEpoch < 0 || acceptedEpoch > LAST_EPOCH) {
            return "accepted epoch " + acceptedEpoch + " is not within 0.." + LAST_EPOCH;
        }
        return null;
    }

    /** Takes an epoch into account (spec quorum 3.2). Everybody raises it, only voters decide it. */
    private void considerEpoch(long sid, long acceptedEpoch) {
        if (epochDecided) {
            return;
        }
        if (acceptedEpoch >= proposedEpoch) {
            proposedEpoch = acceptedEpoch + 1;
        }
        if (context.ensembles.committed().isVoter(sid)) {
            connected.add(sid);
        }
        if (connected.contains(context.start.myId())
                && context.ensembles.committed().isQuorum(connected::contains)) {
            epochDecided = true;
            context.epoch = proposedEpoch;
            // The leader promises its own epoch before anybody hears of it (spec quorum 2.2).
            context.emit(new ZabAction.StoreEpoch(EpochKind.ACCEPTED, proposedEpoch));
        }
    }

    void onEpochStored(EpochKind kind, long epoch) {
        if (kind == EpochKind.ACCEPTED && epochDecided && !epochAnnounced && epoch == proposedEpoch) {
            epochAnnounced = true;
            context.phaseDeadlineTurn = context.turnAfter(context.config.initLimitTicks());
            for (LearnerPeer peer : peersIn(LearnerPeer.State.EPOCH)) {
                announce(peer);
            }
            considerVote(context.start.myId(), context.start.lastZxid());
        } else if (kind == EpochKind.CURRENT && electionFinished && !epochTaken && epoch == proposedEpoch) {
            epochTaken = true;
            synchronization.begin();
            for (LearnerPeer peer : peersIn(LearnerPeer.State.ELECT)) {
                synchronization.join(peer);
            }
        }
    }

    private void announce(LearnerPeer peer) {
        context.enter(peer, LearnerPeer.State.ACK_EPOCH);
        peer.deadlineTurn = context.turnAfter(context.config.initLimitTicks());
        context.send(peer, EpochPayload.leaderInfo(proposedEpoch));
    }

    void onAckEpoch(LearnerPeer peer, QuorumPacket packet) {
        if (packet.type() != PacketType.ACK_EPOCH) {
            context.close(peer, "answered LEADERINFO with " + packet + ", not ACKEPOCH");
            return;
        }
        peer.lastZxid = packet.zxid();
        peer.currentEpoch = EpochPayload.readCurrentEpoch(packet);
        context.enter(peer, LearnerPeer.State.ELECT);
        peer.deadlineTurn = context.turnAfter(context.config.initLimitTicks());
        if (epochTaken) {
            synchronization.join(peer);
        } else if (!electionFinished && peer.currentEpoch != EpochPayload.NO_EPOCH) {
            compare(peer);
        }
    }

    /** A learner with a newer history must not help to elect this leader (spec quorum 3.3). */
    private void compare(LearnerPeer peer) {
        LeaderStart mine = context.start;
        boolean newer = peer.currentEpoch > mine.currentEpoch()
                || (peer.currentEpoch == mine.currentEpoch() && peer.lastZxid > mine.lastZxid());
        if (newer) {
            context.close(
                    peer,
                    "its history (epoch "
                            + peer.currentEpoch
                            + ", "
                            + Zxid.toString(peer.lastZxid)
                            + ") is newer than the leader's (epoch "
                            + mine.currentEpoch()
                            + ", "
                            + Zxid.toString(mine.lastZxid())
                            + ")");
            return;
        }
        considerVote(peer.sid(), peer.lastZxid);
    }

    private void considerVote(long sid, long lastZxid) {
        if (lastZxid != QuorumPacket.NO_ZXID && context.ensembles.committed().isVoter(sid)) {
            electing.add(sid);
        }
        if (electing.contains(context.start.myId())
                && context.ensembles.committed().isQuorum(electing::contains)) {
            electionFinished = true;
            context.emit(new ZabAction.StoreEpoch(EpochKind.CURRENT, proposedEpoch));
        }
    }

    private List<LearnerPeer> peersIn(LearnerPeer.State state) {
        List<LearnerPeer> found = new ArrayList<>();
        for (LearnerPeer peer : context.peers.values()) {
            if (peer.state == state) {
                found.add(peer);
            }
        }
        return found;
    }
}
