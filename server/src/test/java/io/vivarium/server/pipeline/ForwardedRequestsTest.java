/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import static io.vivarium.server.pipeline.GivenTree.creation;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.protocol.quorum.SessionTimeout;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.quorum.zab.PeerFeatures;
import io.vivarium.server.session.SessionIds;
import io.vivarium.server.watch.WatchTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a leader makes of the requests that learners pass on (spec quorum 9.1, 9.2; invariant I11). */
class ForwardedRequestsTest {
    private static final long LEARNER = 2;
    private static final long SESSION = 0x200000000000001L;

    private final GivenTree given = new GivenTree();
    private final List<LoggedTxn> proposed = new ArrayList<>();
    private final Replica leader = leader();
    private int cxid;

    private Replica leader() {
        Recorder recorder = new Recorder();
        WatchService watches = new WatchService(new WatchTable(), given.tree, given.access, recorder);
        Replica replica = new Replica(
                new ReplicaParts(
                        1,
                        4096,
                        LocalSessions.OFF,
                        new TreeGate(),
                        given.applier,
                        given.preparer,
                        given.sessions,
                        given.expiry,
                        new SessionIds(1, GivenTree.WALL_MILLIS),
                        watches,
                        new ReadService(given.tree, given.access, given.schemes, watches, 1 << 20),
                        new ContainerReaper(given.tree, new ContainerReaper.Config(60_000, 60_000, 0)),
                        recorder),
                applied -> {});
        replica.at(1_000_000_000, GivenTree.WALL_MILLIS);
        replica.serveAsLeader(3, PeerFeatures.CURRENT, Clients.WELCOME, proposal -> proposed.add(proposal.txn()));
        return replica;
    }

    /** The transaction that comes of it. */
    private LoggedTxn passesOn(int op, JuteRecord body) {
        JuteWriter out = new JuteWriter(64);
        body.write(out);
        return passesOn(op, out.toByteArray());
    }

    private LoggedTxn passesOn(int op, byte[] body) {
        int before = proposed.size();
        leader.prepareForwarded(LEARNER, new ForwardedRequest(SESSION, ++cxid, op, body, List.of()));
        assertThat(proposed).as("the learner waits for one transaction").hasSize(before + 1);
        LoggedTxn txn = proposed.get(before);
        assertThat(txn.zxid()).isEqualTo(Zxid.of(3, proposed.size()));
        assertThat(txn.header().cxid()).isEqualTo(cxid);
        return txn;
    }

    private void opensItsSession() {
        JuteWriter timeout = new JuteWriter(4);
        timeout.writeInt(10_000);
        assertThat(passesOn(OpCode.CREATE_SESSION, timeout.toByteArray())
                        .header()
                        .type())
                .isEqualTo(OpCode.CREATE_SESSION);
    }

    private static int refusal(LoggedTxn txn) {
        assertThat(txn.header().type()).isEqualTo(OpCode.ERROR);
        return GivenTree.codeOf(txn);
    }

    @Test
    void aCheckOfItsOwnIsRefusedAndNeverBecomesATransaction_ZOOKEEPER_2623() {
        opensItsSession();
        // Its body is not even read: whoever sends it is answered as if it made no sense.
        assertThat(refusal(passesOn(OpCode.CHECK, new ClientRequest.Check("/zookeeper", 0))))
                .isEqualTo(ErrorCode.MARSHALLING_ERROR.code());
        assertThat(passesOn(OpCode.CREATE, creation("/a")).header().type()).isEqualTo(OpCode.CREATE);
    }

    @Test
    void whateverIsPassedOnBecomesOneTransactionThatFollowersCanRead_ZOOKEEPER_2623() {
        opensItsSession();
        List<byte[]> bodies = List.of(new byte[0], new byte[3], new byte[4], new byte[9], new byte[40]);
        for (int op = -20; op <= 120; op++) {
            for (byte[] body : bodies) {
                // Sessions are opened and closed by what makes them; sync is no write and never comes here.
                if (op != OpCode.CREATE_SESSION && op != OpCode.CLOSE_SESSION && op != OpCode.SYNC) {
                    assertThat(passesOn(op, body).header().type())
                            .as("type for opcode %d", op)
                            .isIn(OpCode.ERROR, OpCode.MULTI);
                }
            }
        }
    }

    @Test
    void noLearnerRemovesContainers() {
        opensItsSession();
        assertThat(refusal(passesOn(OpCode.DELETE_CONTAINER, new ClientRequest.PathOnly("/zookeeper"))))
                .isEqualTo(ErrorCode.UNIMPLEMENTED.code());
    }

    @Test
    void aWriteThatFailsIsATransactionAllTheSame() {
        opensItsSession();
        assertThat(refusal(passesOn(OpCode.CREATE, creation("/no/parent")))).isEqualTo(ErrorCode.NO_NODE.code());
        assertThat(refusal(passesOn(OpCode.CREATE, new byte[3]))).isEqualTo(ErrorCode.MARSHALLING_ERROR.code());
        assertThat(refusal(passesOn(OpCode.RECONFIG, new byte[0]))).isNotZero();
        assertThat(passesOn(OpCode.CREATE, new ClientRequest.Create("/b", null, Acl.OPEN, 0))
                        .header()
                        .type())
                .isEqualTo(OpCode.CREATE);
    }

    @Test
    void aSessionThatNobodyKnowsIsRefused() {
        assertThat(refusal(passesOn(OpCode.CREATE, creation("/a")))).isEqualTo(ErrorCode.SESSION_EXPIRED.code());
    }

    @Test
    void aSessionThatHasMovedAwayFromTheLearnerIsRefused() {
        opensItsSession();
        leader.checkSession(3, new SessionTimeout(SESSION, 10_000));
        assertThat(refusal(passesOn(OpCode.CREATE, creation("/a")))).isEqualTo(ErrorCode.SESSION_MOVED.code());
    }
}
