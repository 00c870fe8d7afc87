/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.quorum.QuorumPacket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the phases of a leader share: who is connected, how far the clock is, and the actions of the present step.
 *
 * <p>Thread: core.
 */
final class LeaderContext {
    /** Phases of the role (spec quorum 2.1); each leads only to the next, or to OVER. */
    enum Phase {
        /** A quorum agrees on a new epoch and promises it. */
        DISCOVERY,
        /** A quorum takes over this server's history. */
        SYNCHRONIZATION,
        /** Serves. */
        BROADCAST,
        /** Has left the role. */
        OVER
    }

    final LeaderStart start;
    final ZabConfig config;
    final Forwarding forwarding = new Forwarding();
    final SyncSlots slots;
    /** By link, in order of arrival, so that the same events always give the same actions. */
    final Map<Long, LearnerPeer> peers = new LinkedHashMap<>();

    Phase phase = Phase.DISCOVERY;
    Ensembles ensembles;
    /** The epoch of this leader, known once it is decided. */
    long epoch = -1;
    /** Half ticks since the start. */
    int turn;
    /** The turn in which the phase must be over. */
    int phaseDeadlineTurn;

    private PeerFeatures features = PeerFeatures.CURRENT;
    private int changes;
    private List<ZabAction> out = new ArrayList<>();

    LeaderContext(LeaderStart start, ZabConfig config) {
        this.start = start;
        this.config = config;
        this.ensembles = start.ensembles();
        this.slots = new SyncSlots(config.maxSnapshotSyncs(), config.maxDiffSyncs());
    }

    /** The turn after at least so many ticks from now. */
    int turnAfter(int ticks) {
        return turn + 2 * ticks + 1;
    }

    void emit(ZabAction action) {
        out.add(action);
    }

    List<ZabAction> takeActions() {
        if (out.isEmpty()) {
            return List.of();
        }
        List<ZabAction> taken = out;
        out = new ArrayList<>();
        return taken;
    }

    void send(LearnerPeer peer, QuorumPacket packet) {
        emit(new ZabAction.Send(peer.link, packet));
    }

    void sendToAll(List<Long> links, QuorumPacket packet) {
        if (!links.isEmpty()) {
            emit(new ZabAction.SendToAll(links, packet));
        }
    }

    /** Closes a learner's link for a reason; a peer fault, it concerns nobody else. */
    void close(LearnerPeer peer, String reason) {
        emit(new ZabAction.CloseLink(peer.link, peer + ": " + reason));
        forget(peer);
    }

    void enter(Phase next) {
        phase = next;
        changes++;
    }

    void enter(LearnerPeer peer, LearnerPeer.State next) {
        peer.state = next;
        changes++;
    }

    /** Grows with every step of the role or of a learner, so that whoever reports them knows when to look again. */
    int changes() {
        return changes;
    }

    void forget(LearnerPeer peer) {
        changes++;
        peers.remove(peer.link);
        forwarding.remove(peer);
        slots.free(peer);
        updateFeatures();
    }

    void exit(String reason) {
        if (phase != Phase.OVER) {
            enter(Phase.OVER);
            emit(new ZabAction.ExitRole(reason, Resync.FROM_HISTORY));
        }
    }

    /** The connected learner with this id, null if there is none. */
    @Nullable
    LearnerPeer bySid(long sid) {
        for (LearnerPeer peer : peers.values()) {
            if (peer.info != null && peer.sid() == sid) {
                return peer;
            }
        }
        return null;
    }

    PeerFeatures features() {
        return features;
    }

    /** Keeps what the preparer may propose in step with who is connected (spec quorum 16.2). */
    void updateFeatures() {
        PeerFeatures now = PeerFeatures.CURRENT;
        for (LearnerPeer peer : peers.values()) {
            if (peer.features() == PeerFeatures.LEGACY) {
                now = PeerFeatures.LEGACY;
            }
        }
        if (now != features) {
            features = now;
            if (phase == Phase.BROADCAST) {
                emit(new ZabAction.RestrictTo(now));
            }
        }
    }
}
