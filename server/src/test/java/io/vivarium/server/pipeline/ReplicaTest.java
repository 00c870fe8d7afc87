/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import static io.vivarium.server.pipeline.GivenTree.bytes;
import static io.vivarium.server.pipeline.GivenTree.creation;
import static io.vivarium.server.pipeline.GivenTree.setData;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.WatchEvent;
import io.vivarium.protocol.data.Acl;
import io.vivarium.server.session.SessionPassword;
import org.junit.jupiter.api.Test;

/** A replica stepped by hand (spec client-protocol 9, quorum 9). */
class ReplicaTest {
    private static final int TIMEOUT = 1000;
    private static final ClientRequest.Empty NOTHING = ClientRequest.Empty.INSTANCE;

    private final ReplicaScript script = new ReplicaScript();

    private static ReadRequest getData(int xid, String path, boolean watch) {
        return ReadRequest.of(xid, OpCode.GET_DATA, new ClientRequest.Read(path, watch), 0);
    }

    // ---- Sessions ---------------------------------------------------------------------------------------------

    @Test
    void aClientHearsOfItsSessionWhenThatIsOnDisk() {
        FakeLink client = script.connect(TIMEOUT);
        assertThat(client.news()).isEmpty();
        script.sync();
        assertThat(client.news()).containsExactly("established, timeout 1000");
        assertThat(client.sessionId()).isNotZero();
        assertThat(script.given.keeper.timeouts()).containsEntry(client.sessionId(), TIMEOUT);
    }

    @Test
    void whoReturnsWithThePasswordGetsTheSessionAndTheFormerConnectionEnds() {
        FakeLink former = script.openSession(TIMEOUT);
        long id = former.sessionId();
        FakeLink client = script.resume(id, SessionPassword.of(id), 2000);
        assertThat(client.news()).containsExactly("established, timeout 2000");
        assertThat(former.news()).containsExactly("end");
        script.write(former, 7, OpCode.CREATE, creation("/late"));
        assertThat(former.news()).containsExactly("end");
        assertThat(script.written).isEmpty();
        script.leave(former);
        script.write(client, 1, OpCode.CREATE, creation("/a"));
        script.sync();
        assertThat(client.news()).containsExactly("reply 1 zxid 2 error 0");
    }

    @Test
    void aWrongPasswordIsRefusedAndTheOwnerNoticesNothing() {
        FakeLink owner = script.openSession(TIMEOUT);
        FakeLink thief = script.resume(owner.sessionId(), new byte[16], TIMEOUT);
        assertThat(thief.news()).containsExactly("refused, session 0");
        script.leave(thief);
        script.write(owner, 1, OpCode.CREATE, creation("/a"));
        script.sync();
        assertThat(owner.news()).containsExactly("reply 1 zxid 2 error 0");
    }

    @Test
    void aSessionThatNeverWasIsRefused() {
        assertThat(script.resume(99, SessionPassword.of(99), TIMEOUT).news()).containsExactly("refused, session 0");
    }

    @Test
    void whoIsLetInWithoutAQuorumIsToldThatNothingCanBeWritten() {
        script.replica().stopServing();
        script.replica().serveReadOnly();
        FakeLink client = script.connectReadOnly(0, TIMEOUT);
        assertThat(client.news()).containsExactly("established, timeout 1000, read-only");
        FakeLink again = script.connectReadOnly(client.sessionId(), TIMEOUT);
        assertThat(again.news()).containsExactly("established, timeout 1000, read-only");
        script.write(again, 1, OpCode.CREATE, creation("/a"));
        assertThat(again.news()).containsExactly("reply 1 zxid 0 error -119");
    }

    @Test
    void aSilentSessionExpiresWithItsEphemeralsAndItsConnectionEndsAfterTheEvent() {
        FakeLink silent = script.openSession(TIMEOUT);
        FakeLink watcher = script.openSession(60_000);
        script.write(silent, 1, OpCode.CREATE, creation("/e", 1));
        script.write(watcher, 1, OpCode.CREATE, creation("/x"));
        script.write(watcher, 2, OpCode.CREATE, creation("/y"), getData(3, "/e", true));
        script.sync();
        watcher.news();
        silent.news();
        script.pass(TIMEOUT + 100);
        assertThat(silent.news()).isEmpty();
        assertThat(script.resume(silent.sessionId(), SessionPassword.of(silent.sessionId()), TIMEOUT)
                        .news())
                .containsExactly("refused, session 0");
        script.sync();
        assertThat(watcher.news()).containsExactly("event " + WatchEvent.NODE_DELETED + " /e");
        assertThat(silent.news()).containsExactly("end");
        assertThat(script.given.tree.find("/e")).isNull();
        assertThat(script.given.sessions.isKnown(silent.sessionId())).isFalse();
    }

    @Test
    void aServerThatStoodStillHearsItsClientsBeforeItJudgesThem() {
        FakeLink client = script.openSession(TIMEOUT);
        script.pass(1);
        script.standStill(60_000);
        assertThat(script.written).as("nobody is expired yet").isEmpty();
        client.lastHeardNanos = script.nowNanos();
        script.pass(1000);
        assertThat(script.written).as("its ping was waiting in the socket").isEmpty();
        script.pass(60_000);
        assertThat(script.written).as("now it is silent").hasSize(1);
    }

    @Test
    void aSignOfLifeIsFoundWhenTheSessionFallsDue() {
        FakeLink client = script.openSession(TIMEOUT);
        for (int i = 0; i < 5; i++) {
            client.lastHeardNanos = script.nowNanos();
            script.pass(TIMEOUT - 100);
            assertThat(script.written).isEmpty();
        }
        script.pass(TIMEOUT);
        assertThat(script.written).hasSize(1);
    }

    @Test
    void aSessionWithoutConnectionLivesItsTimeoutFromTheLastSignOfLife() {
        FakeLink client = script.openSession(TIMEOUT);
        script.pass(500);
        client.lastHeardNanos = script.nowNanos();
        script.leave(client);
        script.pass(TIMEOUT - 1);
        assertThat(script.written).isEmpty();
        script.pass(101);
        script.sync();
        assertThat(script.given.sessions.size()).isZero();
    }

    @Test
    void aClientThatLeavesBeforeItsSessionBeginsLeavesASessionThatExpires() {
        FakeLink client = script.connect(TIMEOUT);
        script.leave(client);
        script.sync();
        assertThat(client.news()).containsExactly("established, timeout 1000");
        script.pass(TIMEOUT + 100);
        script.sync();
        assertThat(script.given.sessions.size()).isZero();
        assertThat(script.nextDeadlineNanos()).isGreaterThan(script.nowNanos() + 50_000_000_000L);
    }

    @Test
    void closeSessionIsAnsweredThenTheConnectionEnds() {
        FakeLink client = script.openSession(TIMEOUT);
        script.write(client, 1, OpCode.CREATE, creation("/e", 1));
        script.write(client, 2, OpCode.CLOSE_SESSION, NOTHING);
        script.sync();
        assertThat(client.news()).containsExactly("reply 1 zxid 2 error 0", "reply 2 zxid 3 error 0", "end");
        assertThat(script.given.tree.find("/e")).isNull();
    }

    @Test
    void whatComesBehindCloseSessionIsDropped() {
        FakeLink client = script.openSession(TIMEOUT);
        script.write(client, 1, OpCode.CLOSE_SESSION, NOTHING);
        script.write(client, 2, OpCode.CREATE, creation("/late"));
        script.write(client, 3, OpCode.CLOSE_SESSION, NOTHING);
        assertThat(script.written).hasSize(1);
        script.sync();
        assertThat(client.news()).containsExactly("reply 1 zxid 2 error 0", "end");
        assertThat(script.given.tree.find("/late")).isNull();
        script.write(client, 4, OpCode.CREATE, creation("/later"));
        assertThat(client.news()).containsExactly("end");
    }

    // ---- Writes and reads -------------------------------------------------------------------------------------

    @Test
    void nothingIsAnsweredBeforeItIsOnDiskAndThenInOrder() {
        FakeLink client = script.openSession(TIMEOUT);
        script.write(client, 1, OpCode.CREATE, creation("/a"));
        script.write(client, 2, OpCode.CREATE, creation("/a"));
        script.write(client, 3, OpCode.SET_DATA, setData("/a", "x", 0));
        assertThat(client.news()).isEmpty();
        assertThat(script.given.tree.find("/a")).isNull();
        script.syncUpTo(3);
        assertThat(client.news()).containsExactly("reply 1 zxid 2 error 0", "reply 2 zxid 3 error -110");
        script.sync();
        assertThat(client.news()).containsExactly("reply 3 zxid 4 error 0");
    }

    @Test
    void aBatchLongerThanOneHoldIsAppliedWhole() {
        FakeLink client = script.openSession(TIMEOUT);
        for (int i = 0; i < 200; i++) {
            script.write(client, i, OpCode.CREATE, creation("/n", 2));
        }
        script.sync();
        assertThat(client.news()).hasSize(200).last().isEqualTo("reply 199 zxid 201 error 0");
    }

    @Test
    void readsThatTravelWithAWriteSeeTheTreeJustBeforeIt() {
        FakeLink client = script.openSession(TIMEOUT);
        script.write(client, 1, OpCode.CREATE, creation("/a"));
        script.write(
                client, 4, OpCode.SET_DATA, setData("/a", "new", -1), getData(2, "/a", false), getData(3, "/b", false));
        script.write(client, 6, OpCode.DELETE, new ClientRequest.Delete("/a", -1), getData(5, "/a", false));
        script.sync();
        assertThat(client.news())
                .containsExactly(
                        "reply 1 zxid 2 error 0",
                        "reply 2 zxid 2 error 0",
                        "reply 3 zxid 2 error -101",
                        "reply 4 zxid 3 error 0",
                        "reply 5 zxid 3 error 0",
                        "reply 6 zxid 4 error 0");
    }

    @Test
    void anUnknownRequestAmongThoseReadsIsAnsweredAndEndsTheConnection() {
        FakeLink client = script.openSession(TIMEOUT);
        script.write(
                client,
                2,
                OpCode.CREATE,
                creation("/a"),
                ReadRequest.failed(1, 999, io.vivarium.protocol.data.ErrorCode.UNIMPLEMENTED, 0));
        script.sync();
        assertThat(client.news()).containsExactly("reply 1 zxid -1 error -6", "end", "reply 2 zxid 2 error 0");
    }

    @Test
    void readsOfAClientThatHasLeftAreNotRun() {
        FakeLink client = script.openSession(TIMEOUT);
        script.write(client, 2, OpCode.CREATE, creation("/a"), getData(1, "/", true));
        script.leave(client);
        script.sync();
        assertThat(script.given.tree.find("/a")).isNotNull();
        assertThat(client.news()).isEmpty();
    }

    @Test
    void theEventComesBeforeTheReplyOfTheWriteThatCausedIt() {
        FakeLink client = script.openSession(TIMEOUT);
        FakeLink other = script.openSession(TIMEOUT);
        script.write(client, 1, OpCode.CREATE, creation("/a"));
        script.write(client, 3, OpCode.SET_DATA, setData("/a", "1", -1), getData(2, "/a", true));
        script.write(other, 2, OpCode.SET_DATA, setData("/a", "2", -1), getData(1, "/a", true));
        script.write(client, 4, OpCode.DELETE, new ClientRequest.Delete("/a", -1));
        script.sync();
        assertThat(client.news())
                .containsExactly(
                        "reply 1 zxid 3 error 0",
                        "reply 2 zxid 3 error 0",
                        "event " + WatchEvent.NODE_DATA_CHANGED + " /a",
                        "reply 3 zxid 4 error 0",
                        "reply 4 zxid 6 error 0");
        assertThat(other.news())
                .containsExactly(
                        "reply 1 zxid 4 error 0",
                        "event " + WatchEvent.NODE_DATA_CHANGED + " /a",
                        "reply 2 zxid 5 error 0");
    }

    @Test
    void aTransactionLongerThanReadersTakeIsRefusedAndChangesNothing() {
        FakeLink client = script.openSession(TIMEOUT);
        script.write(client, 1, OpCode.CREATE, new ClientRequest.Create("/big", new byte[5000], Acl.OPEN, 0));
        script.write(client, 2, OpCode.CREATE, creation("/big"));
        script.sync();
        assertThat(client.news()).containsExactly("reply 1 zxid 2 error -8", "reply 2 zxid 3 error 0");
        assertThat(script.given.tree.find("/big").dataLength()).isZero();
    }

    @Test
    void anUndecodableMultiUsesUpAZxid() {
        FakeLink client = script.openSession(TIMEOUT);
        script.write(client, 1, OpCode.MULTI, null);
        script.sync();
        assertThat(client.news()).containsExactly("reply 1 zxid 2 error -5");
        assertThat(script.given.tree.lastZxid()).isEqualTo(2);
    }

    @Test
    void aWriteOfASessionNobodyKnowsEndsItsConnection() {
        FakeLink client = new FakeLink();
        script.write(client, 1, OpCode.CREATE, creation("/a"));
        assertThat(client.news()).containsExactly("end");
        assertThat(script.written).isEmpty();
    }

    // ---- Time and disk ----------------------------------------------------------------------------------------

    @Test
    void anAbandonedContainerIsRemovedOnceTheIntervalHasPassed() {
        FakeLink client = script.openSession(1_000_000);
        script.write(client, 1, OpCode.CREATE_CONTAINER, creation("/c", 4));
        script.write(client, 2, OpCode.CREATE, creation("/c/n"));
        script.write(client, 3, OpCode.DELETE, new ClientRequest.Delete("/c/n", -1));
        script.sync();
        script.pass(59_999);
        assertThat(script.written).isEmpty();
        script.pass(1);
        script.sync();
        assertThat(script.given.tree.find("/c")).isNull();
    }

    @Test
    void whatReadersGetIsWhatWasWritten() {
        FakeLink client = script.openSession(TIMEOUT);
        script.write(client, 1, OpCode.CREATE, new ClientRequest.Create("/a", bytes("hello"), Acl.OPEN, 0));
        script.write(client, 3, OpCode.CLOSE_SESSION, NOTHING, getData(2, "/a", false));
        script.post(new CoreMessage.JournalSynced(3));
        assertThat(client.seen).contains("reply 2 zxid 2 error 0");
        assertThat(script.given.tree.find("/a").data()).isEqualTo(bytes("hello"));
    }
}
