/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.server.quorum.QuorumEffects;
import io.vivarium.server.quorum.Role;
import io.vivarium.server.quorum.zab.EpochKind;
import io.vivarium.server.quorum.zab.SyncPlan;
import java.util.List;
import java.util.SortedSet;

/** Hands every wish of a core on as it is; for those that change one of them. Thread: the test's. */
class ForwardedEffects implements QuorumEffects {
    private final QuorumEffects to;

    ForwardedEffects(QuorumEffects to) {
        this.to = to;
    }

    @Override
    public void openPort() {
        to.openPort();
    }

    @Override
    public void closePort() {
        to.closePort();
    }

    @Override
    public long dial(Member leader) {
        return to.dial(leader);
    }

    @Override
    public void send(long link, QuorumPacket packet) {
        to.send(link, packet);
    }

    @Override
    public void sendToAll(List<Long> links, QuorumPacket packet) {
        for (long link : links) {
            send(link, packet);
        }
    }

    @Override
    public void closeLink(long link, String reason) {
        to.closeLink(link, reason);
    }

    @Override
    public void sendHistory(long link, SyncPlan plan) {
        to.sendHistory(link, plan);
    }

    @Override
    public void receiveImage(long link, long zxid) {
        to.receiveImage(link, zxid);
    }

    @Override
    public void append(long zxid, byte[] payload) {
        to.append(zxid, payload);
    }

    @Override
    public void storeEpoch(EpochKind kind, long epoch) {
        to.storeEpoch(kind, epoch);
    }

    @Override
    public void truncateHistory(long zxid) {
        to.truncateHistory(zxid);
    }

    @Override
    public void installSnapshot(long zxid) {
        to.installSnapshot(zxid);
    }

    @Override
    public void reload() {
        to.reload();
    }

    @Override
    public void reopenDisk(long acknowledgedZxid) {
        to.reopenDisk(acknowledgedZxid);
    }

    @Override
    public void quiesce() {
        to.quiesce();
    }

    @Override
    public void sendVote(long sid, Notification message) {
        to.sendVote(sid, message);
    }

    @Override
    public void seekPeers(SortedSet<Long> sids) {
        to.seekPeers(sids);
    }

    @Override
    public void restPeers() {
        to.restPeers();
    }

    @Override
    public void dialPeers(SortedSet<Long> sids) {
        to.dialPeers(sids);
    }

    @Override
    public void membersChanged(Ensemble ensemble) {
        to.membersChanged(ensemble);
    }

    @Override
    public void roleChanged(Role role) {
        to.roleChanged(role);
    }

    @Override
    public void stopped() {
        to.stopped();
    }
}
