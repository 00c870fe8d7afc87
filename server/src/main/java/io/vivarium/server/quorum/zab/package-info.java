/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Zab: how a leader and its learners agree on one history (spec quorum 2 to 8, 15, 16).
 *
 * <p>Pure cores: events in, actions out, time as an argument. No thread, no file, no socket, no clock, no dice; so one
 * process can run a whole ensemble of them, faults and all, and the same seed gives the same run. Start reading at
 * {@link io.vivarium.server.quorum.zab.LeaderCore} and {@link io.vivarium.server.quorum.zab.LearnerCore}, then {@link
 * io.vivarium.server.quorum.zab.ZabEffects}, the contract of every action.
 *
 * <pre>
 *                    discovery            synchronization            broadcast
 * LeaderCore    LeaderDiscovery      LeaderSynchronization      LeaderBroadcast, AckTracker
 *                                    SyncPlanner, HistoryWalk   LeaderLiveness (all phases)
 * LearnerCore   LearnerDiscovery     LearnerSynchronization     LearnerBroadcast
 * </pre>
 *
 * <h2>What the owner does</h2>
 *
 * The owner is the server's core thread. It holds at most one core at a time:
 *
 * <ol>
 *   <li>Election names a leader. The owner makes sure that nothing of the former role is under way: every append is
 *       synced or failed, every link is closed, and the tree equals the log on disk, uncommitted tail included
 *       (ZOOKEEPER-2845, 4712, 4882). No answer to an action of a former core reaches the next one.
 *   <li>If that is this server: open the listener, make a {@link io.vivarium.server.quorum.zab.LeaderCore} from what is
 *       on disk, {@code begin}. Otherwise make a {@link io.vivarium.server.quorum.zab.LearnerCore}, dial, and give it
 *       {@code Connected} or {@code LinkClosed}.
 *   <li>For each event: {@code step}, then perform all actions in order, then the next event. Events of one link, and
 *       answers of one kind, come in the order in which they happened. Packets that wait are given before {@code
 *       TimePassed}, so that a pause of this process is not taken for silence of its peers.
 *   <li>{@code TimePassed} is due when {@code deadlineNanos} has come; early calls do nothing.
 *   <li>On {@code ExitRole}: stop, clean up as in 1, go back to election. A {@code Resync} of {@code FROM_SNAPSHOT} is
 *       handed to the next {@link io.vivarium.server.quorum.zab.LearnerStart}, and until a core {@code isSettled} the
 *       server must not stand for election. One of {@code FROM_IMAGE} is handed on, too.
 *   <li>On {@code AskForImage}: as in 2, with the same leader.
 * </ol>
 *
 * <h2>What is durable when</h2>
 *
 * Cores never wait; they ask, and what depends on the disk is emitted only when the answer comes.
 *
 * <table>
 *   <caption>Durable before sent</caption>
 *   <tr><th>packet</th><th>durable before</th><th>answer that says so</th></tr>
 *   <tr><td>LEADERINFO</td><td>the leader's acceptedEpoch</td><td>EpochStored(ACCEPTED)</td></tr>
 *   <tr><td>ACKEPOCH with an epoch</td><td>the learner's acceptedEpoch</td><td>EpochStored(ACCEPTED)</td></tr>
 *   <tr><td>first DIFF, TRUNC, SNAP</td><td>the leader's currentEpoch</td><td>EpochStored(CURRENT)</td></tr>
 *   <tr><td>ACK of NEWLEADER</td><td>the history, then currentEpoch</td>
 *       <td>HistoryTruncated, SnapshotInstalled, JournalSynced, then EpochStored(CURRENT)</td></tr>
 *   <tr><td>ACK of a proposal</td><td>it and all before it</td><td>JournalSynced</td></tr>
 *   <tr><td>COMMIT</td><td>the proposal, on a quorum</td><td>ACK packets; the leader's own JournalSynced</td></tr>
 * </table>
 *
 * A server that crashes between the log and the epoch file of a sync has transactions above its currentEpoch, though
 * never above its acceptedEpoch. It keeps its currentEpoch as it is: adopting the newer one would make a part of a
 * history look like all of it.
 *
 * <h2>Where this differs from stock, and why</h2>
 *
 * <ul>
 *   <li>A learner that joins again loses the acknowledgements it gave on its former link, because it is told to cut back
 *       what is not committed. Its history is planned against what is committed, not against what the tree has.
 *   <li>Transactions of a DIFF, and those behind a TRUNC, are logged as their commits come; no snapshot follows a TRUNC.
 *   <li>A learner refuses holes in DIFF, in TRUNC and in the live stream, and asks for an image then.
 *   <li>A commit that does not match leaves the role and not the process.
 *   <li>The leader takes any number of proposal acknowledgements before that of NEWLEADER; closes the older of two links
 *       of one id, a link with its own id, epochs that would overflow, and protocol version 1 (3.3).
 *   <li>The leader writes no snapshot and removes no ephemerals when it begins: neither is needed for safety.
 *   <li>A 3.4 learner is never sent a DIFF with transactions it cannot read; it gets an image.
 * </ul>
 *
 * Thread: core, for everything but {@link io.vivarium.server.quorum.zab.SyncPlanner#resolve} and {@link
 * io.vivarium.server.quorum.zab.DiskHistory}, which belong to the thread that sends histories.
 */
@NullMarked
package io.vivarium.server.quorum.zab;

import org.jspecify.annotations.NullMarked;
