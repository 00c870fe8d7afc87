/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.quorum.SessionTimeout;
import io.vivarium.protocol.quorum.SessionVerdict;
import java.util.List;

/**
 * The world of the cores: what the owner does for them.
 *
 * <p>Thread: core. No method blocks: what takes time is begun here and reported later by an event. A failure of the
 * journal, the epoch files or the tree is the owner's (it ends the process or the role); a failure of one link is
 * reported as a closed link. A method that names a link which is gone does nothing.
 */
public interface ZabEffects {
    /** Queues a packet on a link, behind everything queued before, a history under way included. */
    void send(long link, QuorumPacket packet);

    /** As {@link #send} on each link; encoded once. */
    void sendToAll(List<Long> links, QuorumPacket packet);

    /** Closes a link. No event follows for it. */
    void closeLink(long link, String reason);

    /**
     * Replaces an epoch file atomically. Answer: {@code EpochStored}, when a crash would leave the new value. The copy
     * in memory changes only then (ZOOKEEPER-2307).
     */
    void storeEpoch(EpochKind kind, long epoch);

    /**
     * Appends to the log. Answer: {@code JournalSynced} with the greatest zxid of which it is true that a crash would
     * leave it and all before it; one answer may serve many appends.
     */
    void appendToJournal(Proposal proposal);

    /**
     * Hands over the next decided transaction, in zxid order; the log on disk may not have it yet. It is applied and
     * added to the {@link CommittedLog}. Answer on a leader: {@code Applied}, when the committed log has it.
     */
    void commit(Proposal proposal);

    /** Starts the request pipeline and accepts clients; the epoch enters this server's vote (ZOOKEEPER-1732). */
    void startServing(long epoch, PeerFeatures features);

    /** From now on requests the peers do not understand are refused with -6, or no longer. */
    void restrictTo(PeerFeatures features);

    /**
     * Ends the role: stops serving, closes every link and waits until the journal has nothing under way; then election
     * begins. The core takes no further event.
     */
    void exitRole(String reason, Resync resync);

    /**
     * Learner: closes the link and dials the same leader again, without an election and with {@link Resync#FROM_IMAGE}. Disk
     * and tree are as before the role, and nothing is under way there. The core takes no further event.
     */
    void askForImage(String reason);

    /**
     * Leader: sends a history on a link, all at once as far as order on that link goes. A {@link SyncPlan.ReadDisk} is
     * resolved first. Answer: {@code HistorySent}, when the last byte of it is queued on the link (for an image: when
     * the tree has been walked to its end); a failure, a stalled write included, is a closed link.
     */
    void sendHistory(long link, SyncPlan plan);

    /**
     * Leader: gives a request to the preparer. It must be prepared behind the requests given before. A write is answered
     * by {@code Propose} (a refused one, too: as an error transaction); a sync, when it has passed the session check, by
     * {@code SyncPassed}.
     */
    void prepare(long link, long sid, ForwardedRequest request);

    /** Leader: notes that sessions are alive; unknown ones are ignored. */
    void touchSessions(long sid, List<SessionTimeout> touches);

    /** Leader: is this session alive; if so the learner becomes its owner. Answer: {@code SessionChecked}. */
    void checkSession(long link, long sid, SessionTimeout session);

    /**
     * Learner: removes everything above a zxid from tree, log, snapshots and committed log. Answer: {@code
     * HistoryTruncated}, when this is durable, with the zxid of the last transaction that is left.
     */
    void truncateHistory(long zxid);

    /**
     * Learner: reads an image from the link into a fresh tree and stops reading packets until it is complete. Answer:
     * {@code ImageReceived}, before any packet behind it; a bad or interrupted image is a closed link, the fresh tree is
     * thrown away and the history is the one on disk (ZOOKEEPER-3642).
     */
    void receiveImage(long link, long zxid);

    /**
     * Learner: writes the tree as a snapshot. First log records above {@code zxid} are cut off, then the snapshot
     * becomes visible, so that a crash leaves either the old history up to {@code zxid} or the new one (ZOOKEEPER-2872).
     * Answer: {@code SnapshotInstalled}, when the new history is durable.
     */
    void installSnapshot(long zxid);

    /** Learner: sends a PING back with the sessions touched since the last one. */
    void answerPing(long link, long zxid);

    /** Learner: completes a client's sync in the pipeline, behind everything committed so far. */
    void completeSync(long sessionId, int cxid);

    /** Learner: a session that a client brought along is valid here, or is not. */
    void sessionJudged(SessionVerdict verdict);

    /** Learner: text of the leader's last-seen configuration; becomes last seen, where reconfiguration is enabled. */
    void configurationSeen(byte[] text);

    /** Puts the last-seen configuration in force, where reconfiguration is enabled (spec quorum 10.4). */
    void activateLastSeen();

    /** Learner: puts the configuration in this transaction in force, with its designated leader (spec quorum 10.4). */
    void activateReconfiguration(Proposal proposal, long designatedLeader);
}
