/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.WatchEvent;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.server.sim.client.ClientObserver.SessionEnd;
import io.vivarium.server.sim.client.Operation;
import io.vivarium.server.sim.client.Reply;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Each checker lets a good history pass and finds the fault that was planted for it. */
class CheckersTest {
    private final GivenRun run = new GivenRun();

    private static void assertCaught(String what, ThrowingCallable fault) {
        assertThatThrownBy(fault)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 42")
                .hasMessageContaining(what);
    }

    // ---- The history ------------------------------------------------------------------------------------------

    @Test
    void aGoodRunPasses() {
        run.exists("/a");
        Operation change = run.change(2, "/a", "y");
        run.commit(change);
        run.answer(
                change,
                new Reply(run.lastZxid(), 0, null, run.stat("/a", run.lastZxid()), null, null, null, 0, List.of()));
        Operation read = run.read(1, "/a", false);
        run.answerData(read, run.lastZxid(), "y");
        run.checks.atQuiescence(0);
        assertThat(run.checks.answered()).isEqualTo(3);
    }

    @Test
    void twoServersThatApplyDifferentThingsAreCaught() {
        Operation creation = run.creation(1, "/a", 0);
        run.commit(creation);
        Txn other = new Txn.Create("/b", GivenRun.bytes("x"), Acl.OPEN, false, 1);
        assertCaught(
                "is committed",
                () -> run.checks.applied(2, run.txn(run.lastZxid(), 1, creation.xid(), OpCode.CREATE, other)));
    }

    @Test
    void aHoleInTheHistoryIsCaught() {
        Operation creation = run.creation(1, "/a", 0);
        Txn txn = new Txn.Create("/a", GivenRun.bytes("x"), Acl.OPEN, false, 1);
        assertCaught(
                "right after",
                () -> run.checks.applied(1, run.txn(run.lastZxid() + 2, 1, creation.xid(), OpCode.CREATE, txn)));
    }

    @Test
    void aWriteThatHappensTwiceIsCaughtAlsoWhenItWasInDoubt() {
        run.exists("/a");
        Operation change = run.change(2, "/a", "y");
        run.checks.disconnected(2, 2, 2);
        change.lost();
        run.checks.lost(change);
        run.commit(change);
        assertCaught("happens again", () -> run.commit(change));
    }

    @Test
    void aWriteInDoubtMayNeverHappen() {
        Operation change = run.change(2, "/a", "y");
        run.checks.disconnected(2, 2, 2);
        change.lost();
        run.exists("/b");
        run.checks.atQuiescence(0);
    }

    @Test
    void aTransactionNobodyAskedForIsCaught() {
        assertCaught("nobody asked", () -> run.commit(1, 77, OpCode.DELETE, new Txn.Delete("/a")));
    }

    @Test
    void aWrongRefusalIsCaught() {
        run.exists("/a");
        Operation change = run.change(2, "/a", "y");
        assertCaught("the model says", () -> run.commit(change, new Txn.Refusal(ErrorCode.NO_NODE.code())));
    }

    @Test
    void anAcceptanceThatHadToBeARefusalIsCaught() {
        Operation change = run.change(2, "/missing", "y");
        assertCaught("the model says", () -> run.commit(change));
    }

    @Test
    void aRefusedMultiLeavesNothingBehind() {
        run.exists("/a");
        Operation multi = run.sent(
                1,
                OpCode.MULTI,
                new ClientRequest.Multi(List.of(
                        new ClientRequest.Part(OpCode.DELETE, new ClientRequest.Delete("/a", -1)),
                        new ClientRequest.Part(OpCode.CHECK, new ClientRequest.Check("/a", -1)),
                        new ClientRequest.Part(OpCode.DELETE, new ClientRequest.Delete("/b", -1)))));
        long before = run.checks.history().tree().digest();
        run.commit(
                multi,
                new Txn.Multi(List.of(
                        new Txn.Part(OpCode.DELETE, new Txn.Delete("/a")),
                        new Txn.Part(OpCode.ERROR, new Txn.Refusal(ErrorCode.NO_NODE.code())),
                        new Txn.Part(OpCode.ERROR, new Txn.Refusal(ErrorCode.RUNTIME_INCONSISTENCY.code())))));
        assertThat(run.checks.history().tree().digest()).isEqualTo(before);
        Operation read = run.read(1, "/a", false);
        run.answer(
                multi,
                new Reply(
                        run.lastZxid(),
                        0,
                        null,
                        null,
                        null,
                        null,
                        null,
                        0,
                        List.of(Reply.header(0, 0), Reply.header(0, -101), Reply.header(0, -2))));
        run.answerData(read, run.lastZxid(), "x");
    }

    // ---- Writes -----------------------------------------------------------------------------------------------

    @Test
    void anAnswerWithoutTransactionIsCaught() {
        Operation creation = run.creation(1, "/a", 0);
        assertCaught("at its zxid there is", () -> run.answerPath(creation, "/a"));
    }

    @Test
    void anAnswerWithAnotherResultIsCaught() {
        Operation creation = run.creation(1, "/a", 0);
        run.commit(creation);
        assertCaught("another answer than the model", () -> run.answerPath(creation, "/b"));
    }

    @Test
    void aWriteThatIsOrderedBeforeWhatWasAnsweredIsCaught() {
        RealTimeChecker realTime = new RealTimeChecker(run.checks.story());
        Operation late = new Operation(1, 1, 1, 9, OpCode.SET_DATA, ClientRequest.Empty.INSTANCE, 0);
        Operation read = new Operation(2, 2, 2, 9, OpCode.GET_DATA, ClientRequest.Empty.INSTANCE, 0);
        read.answered(Reply.header(Zxid.of(1, 7), 0));
        realTime.answered(read);
        realTime.invoked(late);
        Txn body = new Txn.SetData("/a", null, 1);
        realTime.committed(new Committed(
                run.txn(Zxid.of(1, 8), 1, 9, OpCode.SET_DATA, body), 0, late, Reply.header(0, 0), List.of(), 0));
        assertCaught(
                "ordered before it",
                () -> realTime.committed(new Committed(
                        run.txn(Zxid.of(1, 7), 1, 9, OpCode.SET_DATA, body),
                        0,
                        late,
                        Reply.header(0, 0),
                        List.of(),
                        0)));
    }

    // ---- Sessions ---------------------------------------------------------------------------------------------

    @Test
    void answersOutOfOrderAreCaught() {
        run.exists("/a");
        run.read(1, "/a", false);
        Operation second = run.read(1, "/a", false);
        assertCaught("is answered before", () -> run.answerData(second, run.lastZxid(), "x"));
    }

    @Test
    void aSessionThatGoesBackIsCaughtAlsoOnAnotherConnection() {
        run.exists("/a");
        run.checks.disconnected(1, 1, 1);
        run.checks.connected(1, 1, 7, 2);
        Operation read = new Operation(1, 1, 7, 50, OpCode.SYNC, new ClientRequest.PathOnly("/"), 0);
        run.checks.invoked(read);
        assertCaught("goes back", () -> run.answer(read, Reply.header(run.lastZxid() - 1, 0)));
    }

    @Test
    void aReadThatDoesNotSeeTheSessionsOwnWriteIsCaught() {
        run.exists("/a");
        Operation read = run.read(1, "/a", false);
        assertCaught("is not what was there", () -> run.answerError(read, ErrorCode.NO_NODE.code()));
    }

    @Test
    void aStaleReadOfAnotherSessionIsFineButMustBeOfOneMoment() {
        run.exists("/a");
        long old = run.lastZxid();
        run.commit(run.change(1, "/a", "y"));
        Operation stale = run.read(2, "/a", false);
        run.answerData(stale, old, "x");
        Operation torn = run.read(2, "/a", false);
        assertCaught("other data", () -> run.answerData(torn, run.lastZxid(), "x"));
    }

    @Test
    void aReadOfWhatIsNotCommittedIsCaught() {
        Operation read = run.read(1, "/a", false);
        assertCaught("not committed", () -> run.answer(read, Reply.header(run.lastZxid() + 1, -101)));
    }

    @Test
    void aSyncThatShowsLessThanSomebodyHadSeenIsCaught() {
        long old = run.lastZxid();
        run.exists("/a");
        Operation sync = run.sent(2, OpCode.SYNC, new ClientRequest.PathOnly("/"));
        assertCaught(
                "shows less", () -> run.answer(sync, new Reply(old, 0, "/", null, null, null, null, 0, List.of())));
    }

    @Test
    void aSyncNeedNotShowWhatWasAnsweredAfterItLeft() {
        long old = run.lastZxid();
        Operation sync = run.sent(2, OpCode.SYNC, new ClientRequest.PathOnly("/"));
        run.exists("/a");
        run.answer(sync, new Reply(old, 0, "/", null, null, null, null, 0, List.of()));
    }

    @Test
    void anEphemeralOfAClientThatIsGoneIsCaughtWhenAllIsQuiet() {
        Operation creation = run.creation(2, "/e", 1);
        run.commit(creation);
        run.checks.disconnected(2, 2, 2);
        run.checks.sessionOver(2, 2, SessionEnd.ABANDONED);
        run.nowNanos += 4 * GivenRun.SECOND;
        run.checks.atQuiescence(GivenRun.SECOND);
        run.nowNanos += 2 * GivenRun.SECOND;
        assertCaught("[/e]", () -> run.checks.atQuiescence(GivenRun.SECOND));
        run.commit(2, 0, OpCode.CLOSE_SESSION, new Txn.CloseSession(List.of("/e")));
        run.checks.atQuiescence(GivenRun.SECOND);
        assertThat(run.checks.history().tree().latest("/e")).isNull();
    }

    @Test
    void aWriteOfAClosedSessionIsCaught() {
        run.commit(1, 0, OpCode.CLOSE_SESSION, new Txn.CloseSession(List.of()));
        Operation creation = run.creation(1, "/e", 1);
        assertCaught("its session is closed", () -> run.commit(creation));
    }

    // ---- Watches ----------------------------------------------------------------------------------------------

    private void watchesAndChanges() {
        run.exists("/a");
        run.answerData(run.read(2, "/a", true), run.lastZxid(), "x");
        run.commit(run.change(1, "/a", "y"));
    }

    @Test
    void anEventBeforeTheDataIsFineAndComesOnce() {
        watchesAndChanges();
        run.hears(2, run.lastZxid(), WatchEvent.NODE_DATA_CHANGED, "/a");
        run.answerData(run.read(2, "/a", false), run.lastZxid(), "y");
        run.commit(run.change(1, "/a", "z"));
        run.answerData(run.read(2, "/a", false), run.lastZxid(), "z");
    }

    @Test
    void dataBeforeItsEventIsCaught() {
        watchesAndChanges();
        Operation read = run.read(2, "/a", false);
        assertCaught("had to hear of", () -> run.answerData(read, run.lastZxid(), "y"));
    }

    @Test
    void aSecondEventOfAOneShotWatchIsCaught() {
        watchesAndChanges();
        run.hears(2, run.lastZxid(), WatchEvent.NODE_DATA_CHANGED, "/a");
        run.commit(run.change(1, "/a", "z"));
        run.hears(2, run.lastZxid(), WatchEvent.NODE_DATA_CHANGED, "/a");
        Operation read = run.read(2, "/a", false);
        assertCaught("had to hear of", () -> run.answerData(read, run.lastZxid(), "z"));
    }

    @Test
    void aFalseEventIsCaughtAlsoWhenTheConnectionEndsBehindIt() {
        watchesAndChanges();
        run.hears(2, run.lastZxid(), WatchEvent.NODE_DELETED, "/a");
        assertCaught("had to hear of", () -> run.checks.disconnected(2, 2, 2));
    }

    @Test
    void anEventLostWithItsConnectionIsFine() {
        watchesAndChanges();
        run.checks.disconnected(2, 2, 2);
    }

    @Test
    void aPersistentRecursiveWatchHearsEverythingBelow() {
        run.exists("/a");
        run.answerError(run.sent(2, OpCode.ADD_WATCH, new ClientRequest.WatchOp("/a", 1)), 0);
        run.exists("/a/b");
        run.hears(2, run.lastZxid(), WatchEvent.NODE_CREATED, "/a/b");
        run.commit(run.change(1, "/a/b", "y"));
        Operation read = run.read(2, "/a/b", false);
        assertCaught("had to hear of", () -> run.answerData(read, run.lastZxid(), "y"));
    }

    @Test
    void whatSetWatchesMakesUpIsChecked() {
        watchesAndChanges();
        run.checks.disconnected(2, 2, 2);
        run.checks.connected(2, 2, 9, 1);
        Operation again = new Operation(
                2,
                2,
                9,
                -8,
                OpCode.SET_WATCHES2,
                new ClientRequest.SetWatches2(
                        new ClientRequest.SetWatches(run.lastZxid() - 1, List.of("/a"), List.of(), List.of()),
                        List.of(),
                        List.of()),
                0);
        run.checks.invoked(again);
        assertCaught("had to be preceded by", () -> run.answer(again, Reply.header(run.lastZxid(), 0)));
    }
}
