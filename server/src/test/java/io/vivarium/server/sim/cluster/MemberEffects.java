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

/** What the core of a simulated server wants, brought to its parts; the process may die before each of it. Thread: the test's. */
final class MemberEffects implements QuorumEffects {
    private final SimMember member;

    MemberEffects(SimMember member) {
        this.member = member;
    }

    // ---- Links ------------------------------------------------------------------------------------------------

    @Override
    public void openPort() {
        member.process.act();
        member.links.open();
    }

    @Override
    public void closePort() {
        member.process.act();
        member.links.closePort();
    }

    @Override
    public long dial(Member leader) {
        member.process.act();
        return member.links.dial(leader.sid());
    }

    @Override
    public void send(long link, QuorumPacket packet) {
        member.process.act();
        member.links.send(link, packet);
    }

    @Override
    public void sendToAll(List<Long> links, QuorumPacket packet) {
        for (long link : links) {
            send(link, packet);
        }
    }

    @Override
    public void closeLink(long link, String reason) {
        member.process.act();
        member.links.close(link);
    }

    @Override
    public void sendHistory(long link, SyncPlan plan) {
        member.process.act();
        member.sendHistory(link, plan);
    }

    @Override
    public void receiveImage(long link, long zxid) {
        member.process.act();
        member.receiveImage(link, zxid);
    }

    // ---- Disk -------------------------------------------------------------------------------------------------

    @Override
    public void append(long zxid, byte[] payload) {
        member.process.act();
        member.disk.append(zxid, payload);
    }

    @Override
    public void storeEpoch(EpochKind kind, long epoch) {
        member.process.act();
        member.disk.store().storeEpoch(kind, epoch);
    }

    @Override
    public void truncateHistory(long zxid) {
        member.process.act();
        member.disk.store().truncate(zxid);
    }

    @Override
    public void installSnapshot(long zxid) {
        member.process.act();
        member.disk.store().installSnapshot(zxid);
    }

    @Override
    public void reload() {
        member.process.act();
        member.disk.store().reload();
    }

    @Override
    public void reopenDisk(long acknowledgedZxid) {
        member.process.act();
        member.disk.reopen(acknowledgedZxid);
    }

    @Override
    public void quiesce() {
        member.process.act();
        member.disk.store().quiesce();
    }

    // ---- Votes ------------------------------------------------------------------------------------------------

    @Override
    public void sendVote(long sid, Notification message) {
        member.process.act();
        member.mesh.send(sid, message);
    }

    @Override
    public void seekPeers(SortedSet<Long> sids) {
        member.process.act();
        member.mesh.seek(sids);
    }

    @Override
    public void restPeers() {
        member.mesh.rest();
    }

    @Override
    public void dialPeers(SortedSet<Long> sids) {
        member.process.act();
        member.mesh.dialAll(sids);
    }

    @Override
    public void membersChanged(Ensemble ensemble) {
        // Machines have the same names for ever.
    }

    // ---- This server ------------------------------------------------------------------------------------------

    @Override
    public void roleChanged(Role role) {
        member.roleChanged(role);
    }

    @Override
    public void stopped() {
        member.stopped();
    }
}
