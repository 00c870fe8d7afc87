/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.Role;
import java.io.IOException;
import java.util.List;

/**
 * One run of one script on one ensemble: a {@link Stage} whose connections go to members by their role.
 *
 * <p>Roles are those at the start of the script. Thread: that of the script.
 */
final class EnsembleStage {
    private final EnsembleProcesses ensemble;
    private final Stage stage;
    private final EnsembleMember leader;
    private final List<EnsembleMember> followers;

    EnsembleStage(EnsembleProcesses ensemble, EnsembleMember leader, int number, long nowMillis) throws IOException {
        this.ensemble = ensemble;
        this.leader = leader;
        this.followers = ensemble.members().stream()
                .filter(member -> member.is(Role.FOLLOWER))
                .toList();
        this.stage = new Stage(follower().process(), number, nowMillis, session -> {});
    }

    EnsembleProcesses ensemble() {
        return ensemble;
    }

    Stage stage() {
        return stage;
    }

    EnsembleMember leader() {
        return leader;
    }

    EnsembleMember follower() {
        return followers.get(0);
    }

    EnsembleMember otherFollower() {
        return followers.get(1);
    }

    EnsembleMember observer() {
        return ensemble.members().stream()
                .filter(member -> !member.votes())
                .findFirst()
                .orElseThrow();
    }

    Session connect(String name, EnsembleMember member) throws IOException {
        return connect(name, member, Session.TIMEOUT_MILLIS);
    }

    Session connect(String name, EnsembleMember member, int timeoutMillis) throws IOException {
        return connect(name, member, Session.newSession(timeoutMillis));
    }

    Session connect(String name, EnsembleMember member, ConnectRequest request) throws IOException {
        return stage.open(name, member.process()).handshake(request);
    }

    /** A client that accepts a server without a quorum. */
    Session connectReadOnly(String name, EnsembleMember member) throws IOException {
        return connect(
                name,
                member,
                new ConnectRequest(0, 0, Session.TIMEOUT_MILLIS, 0, new byte[ConnectReply.PASSWORD_BYTES], true, true));
    }

    /** The session of {@code old} goes on at a member. */
    Session resume(String name, Session old, EnsembleMember member) throws IOException {
        return connect(name, member, resumption(old, old.password()));
    }

    /**
     * Notes whether a member takes a write. What the answer holds is left out: who leads, and so the epoch in zxids, is a
     * matter of who was quicker.
     */
    void noteWrite(String name, EnsembleMember member) throws IOException {
        Session session = connect(name, member);
        boolean created = session.create("~/" + name, "").isOk();
        stage.forgetLast(1);
        session.closeSession();
        stage.forgetLast(1);
        session.awaitClosed();
        stage.note(name + ": " + created);
    }

    static ConnectRequest resumption(Session old, byte[] password) {
        return new ConnectRequest(0, 0, Session.TIMEOUT_MILLIS, old.id(), password, false, true);
    }
}
