/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/**
 * One session of the drill: keeps a window of writes in flight until the server dies, and knows afterwards which states of
 * its subtree are possible.
 *
 * <pre>
 * begin --> work (until the connection breaks) --> possible states --> settle --> begin ...
 * </pre>
 *
 * <p>Thread: {@link #work} on one of its own, all else on that of the test, before or after it.
 */
final class Worker {
    /** How the session meets the crash. */
    enum Role {
        /** It works to the end and goes on with the restarted server. */
        RESUMES,
        /** It closes its session after some writes, so usually before the crash. */
        CLOSES,
        /** It works to the end and never comes back, so it expires. */
        EXPIRES
    }

    private static final int LIVE_TIMEOUT_MILLIS = 40_000;
    private static final int SHORT_TIMEOUT_MILLIS = 800;
    private static final int WINDOW = 24;

    private final int port;
    private final RandomGenerator random;
    private final WriteSource source;
    private final Semaphore acknowledged;
    private final Deque<Write> pending = new ArrayDeque<>();
    private Subtree acked;
    private Role role = Role.RESUMES;
    private long session;
    private byte[] password = new byte[ConnectReply.PASSWORD_BYTES];
    private boolean closeAcknowledged;
    private int aclChanges;
    private int reaped;

    /** @param acknowledged gets a permit for each acknowledged write */
    Worker(int port, String root, RandomGenerator random, Semaphore acknowledged) throws IOException {
        this.port = port;
        this.random = random;
        this.acknowledged = acknowledged;
        this.source = new WriteSource(random);
        this.acked = new Subtree(root);
        try (DrillConnection setUp = DrillConnection.newSession(port, LIVE_TIMEOUT_MILLIS)) {
            setUp.send(OpCode.CREATE, new ClientRequest.Create(root, new byte[0], Acl.OPEN, 0));
            assertThat(setUp.read().header().err()).isZero();
            setUp.send(OpCode.CLOSE_SESSION, ClientRequest.Empty.INSTANCE);
            setUp.read();
        }
        acked.create(root, "", Acl.OPEN, NodeKind.PLAIN);
    }

    String root() {
        return acked.root();
    }

    /** The session that must be alive, or 0. */
    long session() {
        return session;
    }

    Role role() {
        return role;
    }

    /** Resumes the session or starts one, as the role asks; a session that is thought alive must be. */
    DrillConnection begin(Role next) throws IOException {
        if (session != 0 && next == Role.EXPIRES) {
            try (DrillConnection old = reconnect()) {
                old.send(OpCode.CLOSE_SESSION, ClientRequest.Empty.INSTANCE);
                assertThat(old.read().header().err()).isZero();
            }
            acked.close(session);
            session = 0;
        }
        role = next;
        closeAcknowledged = false;
        if (session != 0) {
            return reconnect();
        }
        DrillConnection fresh =
                DrillConnection.newSession(port, next == Role.EXPIRES ? SHORT_TIMEOUT_MILLIS : LIVE_TIMEOUT_MILLIS);
        session = fresh.session();
        password = fresh.password();
        return fresh;
    }

    private DrillConnection reconnect() throws IOException {
        DrillConnection again = new DrillConnection(port, LIVE_TIMEOUT_MILLIS, session, password);
        assertThat(again.session()).as("%s resumes its session", root()).isEqualTo(session);
        return again;
    }

    /** Writes until the connection breaks or the session is closed. */
    void work(DrillConnection connection) {
        Subtree ahead = acked.copy();
        int beforeClose = role == Role.CLOSES ? 20 + random.nextInt(100) : Integer.MAX_VALUE;
        int sent = 0;
        try (connection) {
            while (true) {
                while (pending.size() < WINDOW && sent <= beforeClose) {
                    Write write = sent++ == beforeClose
                            ? new Write.Close(session)
                            : source.next(ahead, session, System.currentTimeMillis());
                    write.applyTo(ahead);
                    pending.add(write);
                    connection.send(write.op(), write.body());
                }
                DrillConnection.Reply reply = connection.read();
                Write done = pending.remove();
                assertThat(reply.header().err())
                        .as("reply to %s", done)
                        .isEqualTo(done.expectedError().code());
                done.applyTo(acked);
                if (reply.header().err() == 0) {
                    done.checkReply(reply.body(), acked);
                }
                aclChanges += done instanceof Write.SetAcl ? 1 : 0;
                acknowledged.release();
                if (done instanceof Write.Close) {
                    closeAcknowledged = true;
                    return;
                }
            }
        } catch (IOException broken) {
            // The crash; that it came from the drill and not from the server is checked there.
        }
    }

    /** Whether the end of {@link #work} needs no crash to explain it. */
    boolean mayEndEarly() {
        return role == Role.EXPIRES || closeAcknowledged;
    }

    int aclChanges() {
        return aclChanges;
    }

    /** Nodes that the server has deleted by itself. */
    int reaped() {
        return reaped;
    }

    int inDoubt() {
        return pending.size();
    }

    /** Whether the server may have deleted the node by itself, in any state that it may hold. */
    boolean mayBeGone(String path, long nowMillis) {
        return possible().stream().anyMatch(state -> state.mayBeGone(path, nowMillis));
    }

    /** Whether there are nodes left that the server has to delete in the end. */
    boolean awaitsReaping() {
        return acked.hasLeaving();
    }

    /**
     * Finds the prefix of the writes that the server holds and goes on from there.
     *
     * @param nowMillis no earlier than the server was asked what it holds
     * @return how many nodes are missing, too many or different from the acknowledged state; 0 when a prefix fits
     */
    int settle(Map<String, Subtree.Node> actual, long nowMillis) {
        for (Subtree state : possible()) {
            if (state.differences(actual, nowMillis) == 0) {
                acked = state;
                reaped += acked.forgetReaped(actual);
                pending.clear();
                return 0;
            }
        }
        return acked.differences(actual, nowMillis);
    }

    /** Ends the session in our books when it was closed or expired, and checks that the server thinks so too. */
    void verifySession() throws IOException {
        if (role == Role.RESUMES) {
            return;
        }
        // A close that was sent and not answered is either; the server says which.
        try (DrillConnection attempt = new DrillConnection(port, LIVE_TIMEOUT_MILLIS, session, password)) {
            if (role == Role.EXPIRES || closeAcknowledged) {
                assertThat(attempt.session())
                        .as("%s: session 0x%x is gone", root(), session)
                        .isZero();
            }
            if (attempt.session() == 0) {
                session = 0;
            }
        }
    }

    /** The states after each prefix of the unacknowledged writes; of an expired session without what it owned. */
    private List<Subtree> possible() {
        List<Subtree> states = new ArrayList<>();
        Subtree state = acked.copy();
        states.add(state);
        for (Write write : pending) {
            state = state.copy();
            write.applyTo(state);
            states.add(state);
        }
        if (role == Role.EXPIRES && session != 0) {
            states.forEach(each -> each.close(session));
        }
        return states;
    }

    @Override
    public String toString() {
        return root() + " (" + role + ", session 0x" + Long.toHexString(session) + ", unacknowledged " + pending + ")";
    }
}
