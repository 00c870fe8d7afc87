/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The leader's clock: pings, deadlines of learners, and whether a quorum is still there (spec quorum 5.6).
 *
 * <p>It counts turns of half a tick. A turn that comes late is one turn, never several, so a pause of this process
 * takes no learner's time away. Thread: core.
 */
final class LeaderLiveness {
    private final LeaderContext context;
    private final LeaderBroadcast broadcast;

    LeaderLiveness(LeaderContext context, LeaderBroadcast broadcast) {
        this.context = context;
        this.broadcast = broadcast;
    }

    void onTurn() {
        context.turn++;
        if (context.turn >= context.phaseDeadlineTurn) {
            context.exit("no quorum within initLimit of " + context.config.initLimitTicks() + " ticks in phase "
                    + context.phase);
            return;
        }
        closeSilentLearners();
        boolean fullTick = context.turn % 2 == 0;
        if (fullTick && context.phase == LeaderContext.Phase.BROADCAST && !quorumIsThere()) {
            context.exit("no quorum of voters is connected and heard of within syncLimit of "
                    + context.config.syncLimitTicks() + " ticks");
            return;
        }
        ping();
    }

    private void closeSilentLearners() {
        for (LearnerPeer peer : List.copyOf(context.peers.values())) {
            if (context.turn >= peer.deadlineTurn) {
                context.close(peer, "nothing came in time");
            } else if (isBehind(peer)) {
                // It answers pings and does not log: cut it off before it holds up everybody (ZOOKEEPER-87).
                context.close(
                        peer, "proposal " + Zxid.toString(peer.timedZxid) + " was not acknowledged within syncLimit");
            }
        }
    }

    private boolean isBehind(LearnerPeer peer) {
        return peer.timedZxid != 0 && context.turn - peer.timedSinceTurn >= 2 * context.config.syncLimitTicks() + 1;
    }

    private boolean quorumIsThere() {
        Set<Long> there = new HashSet<>();
        there.add(context.start.myId());
        for (LearnerPeer peer : context.peers.values()) {
            if (peer.info != null && context.turn <= peer.syncedUntilTurn) {
                there.add(peer.sid());
            }
        }
        return context.ensembles.isQuorum(there::contains);
    }

    private void ping() {
        List<Long> links = new ArrayList<>();
        for (LearnerPeer peer : context.peers.values()) {
            if (peer.state.compareTo(LearnerPeer.State.NEW_LEADER_ACK) >= 0) {
                links.add(peer.link);
            }
        }
        context.sendToAll(links, QuorumPacket.of(PacketType.PING, broadcast.lastProposed()));
    }
}
