/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.server.quorum.zab.EpochKind;
import io.vivarium.server.quorum.zab.SyncPlan;
import java.util.List;
import java.util.SortedSet;

/**
 * The world of a member of an ensemble: links, disk, votes. One implementation in the server, one in the simulation.
 *
 * <p>Thread: core. No method blocks: what takes time is begun here and reported later by an event. What one
 * round of the core has left to be sent leaves together at its end. A method that names a link which is gone does
 * nothing. Links have numbers that are never used twice.
 */
public interface QuorumEffects {
    // ---- Links between leader and learners (spec quorum 1)

    /** Opens the quorum port. Answers: {@code LearnerArrived} for each link, or {@code PortFailed}. */
    void openPort();

    /** Closes the quorum port and every link that came by it; no event follows for them. */
    void closePort();

    /**
     * Dials a leader, with the attempts and pauses of spec quorum 6.1; names are looked up for each attempt.
     *
     * @return the number of the link. Answers: {@code LinkOpened} or {@code LinkClosed} with that number
     */
    long dial(Member leader);

    /** Queues a packet on a link, behind everything queued before, a history under way included. */
    void send(long link, QuorumPacket packet);

    /** As {@link #send} on each link; encoded once. */
    void sendToAll(List<Long> links, QuorumPacket packet);

    /** Closes a link, once what is queued on it has left or a moment has passed. No event follows for it. */
    void closeLink(long link, String reason);

    /**
     * Sends a history; what is sent on this link later stands behind it. A {@link SyncPlan.ReadDisk} is resolved first.
     * Answer: {@code HistorySent}, or {@code LinkClosed} if it fails or stalls.
     */
    void sendHistory(long link, SyncPlan plan);

    /**
     * Reads the image that follows on this link into the tree, which stands at {@code zxid} then; packets behind it are reported after it. Until the answer
     * the tree belongs to the reader. Answer: {@code ImageReceived}, or {@code LinkClosed} with a tree that is good for
     * nothing.
     */
    void receiveImage(long link, long zxid);

    // ---- Disk. Answers come in the order in which things were asked.

    /** Appends to the log. Answer: {@code JournalSynced} with the greatest zxid up to which all is durable. */
    void append(long zxid, byte[] payload);

    /** Replaces an epoch file. Answer: {@code EpochStored}, when it is durable. */
    void storeEpoch(EpochKind kind, long epoch);

    /**
     * Removes everything above {@code zxid} from log and snapshots and makes the tree anew from what is left. Until the
     * answer the tree belongs to whoever does this. Answer: {@code HistoryTruncated}, when it is durable.
     */
    void truncateHistory(long zxid);

    /**
     * Cuts the log above {@code zxid}, then writes the tree as a snapshot that a crash leaves. The tree must not change
     * until the answer, {@code SnapshotInstalled}.
     */
    void installSnapshot(long zxid);

    /** Makes the tree anew from what is on disk; until the answer it belongs to whoever does this. Answer: {@code Reloaded}. */
    void reload();

    /**
     * After {@code DiskFailed}: gives up what was asked and not answered, waits until the disk can be written again, and makes the
     * tree anew from what is there. Answer: {@code Reloaded}, however long it takes.
     *
     * @param acknowledgedZxid up to where others have been told that the history is durable here
     */
    void reopenDisk(long acknowledgedZxid);

    /** Answer: {@code Quiesced}, when everything asked of the disk before has been answered. */
    void quiesce();

    // ---- Votes (spec election)

    /** See {@link io.vivarium.election.core.ElectionEffects#send}. */
    void sendVote(long sid, Notification message);

    /** See {@link io.vivarium.election.core.ElectionEffects#seek}. */
    void seekPeers(SortedSet<Long> sids);

    /** See {@link io.vivarium.election.core.ElectionEffects#rest}. */
    void restPeers();

    /** See {@link io.vivarium.election.core.ElectionEffects#dial}. */
    void dialPeers(SortedSet<Long> sids);

    /** The members of the ensemble are these now: where to find them. */
    void membersChanged(Ensemble ensemble);

    // ---- This server

    /** What this server is now, or that it begins to serve as what it is; for reports and for the client port. */
    void roleChanged(Role role);

    /** Everything asked of the disk is done and every link is closed: the process may end. */
    void stopped();
}
