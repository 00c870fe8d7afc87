/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;
import io.vivarium.server.metrics.Counter;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.metrics.Summary;
import io.vivarium.server.quorum.zab.SyncPlan;
import java.util.SortedSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to the roles of a member, for the log and the metrics: the lines and the names that people and tools look for
 * (spec operations 5.2, 6.3). Decides nothing.
 *
 * <p>Thread: core. Times are those of the round.
 */
final class RoleDiary {
    private static final Logger LOG = LoggerFactory.getLogger(RoleDiary.class);
    private static final long NOT_SINCE = Long.MIN_VALUE;

    private final long myId;
    private final Recorder recorder;
    private final ProposalSizes proposals = new ProposalSizes();
    private long lookingSinceNanos;
    /** Since when nobody is served; {@link #NOT_SINCE} while somebody is. */
    private long unavailableSinceNanos = NOT_SINCE;

    private long connectedSinceNanos = NOT_SINCE;
    private boolean synced;

    RoleDiary(long myId, Recorder recorder) {
        this.myId = myId;
        this.recorder = recorder;
    }

    ProposalSizes proposals() {
        return proposals;
    }

    // ---- Election ---------------------------------------------------------------------------------------------

    void looks(long zxid, long nowNanos) {
        lookingSinceNanos = nowNanos;
        if (unavailableSinceNanos == NOT_SINCE) {
            unavailableSinceNanos = nowNanos;
        }
        recorder.add(Counter.LOOKING_COUNT, 1);
        LOG.info("LOOKING");
        LOG.info("New election. My id = {}, proposed zxid=0x{}", myId, Long.toHexString(zxid));
    }

    void hears(PeerState own, long sid, Notification vote) {
        if (LOG.isInfoEnabled()) {
            LOG.info(
                    "Notification: my state:{}; n.sid:{}, n.state:{}, n.leader:{}, n.round:0x{}, n.peerEpoch:0x{}, n.zxid:0x{},"
                            + " message format version:0x{}, n.config version:0x{}",
                    own,
                    sid,
                    vote.state(),
                    vote.leader(),
                    Long.toHexString(vote.round()),
                    Long.toHexString(vote.peerEpoch()),
                    Long.toHexString(vote.zxid()),
                    Integer.toHexString(vote.version()),
                    versionOf(vote.config()));
        }
    }

    /** The number that ends the text of a configuration. */
    private static String versionOf(String config) {
        return config.isEmpty()
                ? "0"
                : config.substring(config.lastIndexOf('=') + 1).strip();
    }

    /** The election has ended; {@code leader} is where its learners go. */
    void elected(PeerState state, long leader, HostPort address, long nowNanos) {
        long tookMillis = (nowNanos - lookingSinceNanos) / 1_000_000;
        LOG.info("{}", state);
        if (state == PeerState.OBSERVING) {
            LOG.info("Observing new leader sid={} addr={}", leader, address);
        } else {
            recorder.record(Summary.ELECTION_TIME, tookMillis);
            LOG.info("{} - LEADER ELECTION TOOK - {} MS", state, tookMillis);
        }
    }

    // ---- Service ----------------------------------------------------------------------------------------------

    /** @param supporters who has the history of this leader; not asked of a learner */
    void leads(long epochStart, SortedSet<Long> supporters, long nowNanos) {
        LOG.info(
                "Have quorum of supporters, sids: [{}]; starting up and setting last processed zxid: {}",
                supporters,
                Zxid.toString(epochStart));
        recorder.recordNanos(Summary.LEADER_UNAVAILABLE_TIME, nowNanos - unavailableSinceNanos);
        serves(nowNanos);
    }

    void learns(Role role, long nowNanos) {
        synced = true;
        recorder.recordNanos(
                role == Role.OBSERVING ? Summary.OBSERVER_SYNC_TIME : Summary.FOLLOWER_SYNC_TIME,
                nowNanos - connectedSinceNanos);
        serves(nowNanos);
    }

    private void serves(long nowNanos) {
        recorder.recordNanos(Summary.UNAVAILABLE_TIME, nowNanos - unavailableSinceNanos);
        unavailableSinceNanos = NOT_SINCE;
    }

    /** A role ends because something went wrong. */
    void gaveUp(Role role, String reason) {
        switch (role) {
            case LEADING -> LOG.warn("Shutdown called. For the reason {}", reason);
            case OBSERVING -> LOG.warn("Exception when observing the leader: {}", reason);
            default -> LOG.warn("Exception when following the leader: {}", reason);
        }
    }

    void ended(Role role, HostPort leader, long nowNanos) {
        if (unavailableSinceNanos == NOT_SINCE) {
            unavailableSinceNanos = nowNanos;
        }
        if (role == Role.LEADING) {
            LOG.info("shutdown Leader");
            return;
        }
        if (connectedSinceNanos != NOT_SINCE) {
            LOG.info(
                    "Disconnected from leader (with address: {}). Was connected for {}ms. Sync state: {}",
                    leader,
                    (nowNanos - connectedSinceNanos) / 1_000_000,
                    synced);
        }
        connectedSinceNanos = NOT_SINCE;
        synced = false;
        LOG.info("shutdown {}", role == Role.OBSERVING ? "Observer" : "Follower");
    }

    // ---- Of a leader ------------------------------------------------------------------------------------------

    void sendsHistory(long sid, SyncPlan plan, int snapshots, int diffs) {
        if (plan instanceof SyncPlan.Snapshot image) {
            recorder.add(Counter.SNAP_COUNT, 1);
            recorder.record(Summary.INFLIGHT_SNAP_COUNT, snapshots);
            LOG.info(
                    "Sending SNAP of at least {} for peer sid: {}: {}",
                    Zxid.toString(image.atLeastZxid()),
                    sid,
                    image.reason());
        } else {
            recorder.add(Counter.DIFF_COUNT, 1);
            recorder.record(Summary.INFLIGHT_DIFF_COUNT, diffs);
            if (plan instanceof SyncPlan.Stream stream) {
                LOG.info("Sending {} for peer sid: {}", stream.operationPacket(), sid);
            } else {
                LOG.info("Looking for the history of peer sid: {} in the log", sid);
            }
        }
    }

    void proposed(int bytes) {
        recorder.add(Counter.PROPOSAL_COUNT, 1);
        proposals.proposed(bytes);
    }

    /** A quorum has acknowledged what was proposed then. */
    void acknowledged(long proposedNanos, long nowNanos) {
        recorder.add(Counter.COMMIT_COUNT, 1);
        recorder.recordNanos(Summary.QUORUM_ACK_LATENCY, nowNanos - proposedNanos);
    }

    void revalidates() {
        recorder.add(Counter.REVALIDATE_COUNT, 1);
    }

    void leftForLookingVoter() {
        recorder.add(Counter.QUIT_LEADING_DUE_TO_DISLOYAL_VOTER, 1);
    }

    // ---- Of a learner -----------------------------------------------------------------------------------------

    void connected(HostPort leader, long nowNanos) {
        connectedSinceNanos = nowNanos;
        LOG.info("Successfully connected to leader, using address: {}", leader);
    }

    /** A packet that takes over the history of the leader. */
    void synchronizes(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.DIFF -> LOG.info("Getting a diff from the leader {}", Zxid.toString(packet.zxid()));
            case PacketType.SNAP -> LOG.info("Getting a snapshot from leader {}", Zxid.toString(packet.zxid()));
            case PacketType.TRUNC ->
                LOG.info("Truncating log to get in sync with the leader {}", Zxid.toString(packet.zxid()));
            case PacketType.NEW_LEADER, PacketType.UP_TO_DATE ->
                LOG.info("Learner received {} message", PacketType.name(packet.type()));
            default -> {}
        }
    }

    /** A packet of a leader that is served under. */
    void receives(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.PROPOSAL -> recorder.add(Counter.LEARNER_PROPOSAL_RECEIVED_COUNT, 1);
            case PacketType.COMMIT, PacketType.INFORM -> recorder.add(Counter.LEARNER_COMMIT_RECEIVED_COUNT, 1);
            default -> {}
        }
    }
}
