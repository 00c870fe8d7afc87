/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import static io.vivarium.server.client.GivenClient.connect;
import static io.vivarium.server.client.GivenClient.event;
import static io.vivarium.server.client.GivenClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.server.pipeline.Outgoing;
import io.vivarium.server.pipeline.ServiceMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One connection, stepped without sockets or threads (spec client-protocol 1 to 3, 8.4, 9.3, 9.5). */
class ClientConnectionTest {
    private static final ClientRequest.Empty NOTHING = ClientRequest.Empty.INSTANCE;
    private static final int UNKNOWN_OP = 999;

    private final GivenPort given = new GivenPort();
    private final List<GivenClient> clients = new ArrayList<>();

    @AfterEach
    void everythingTakenFromTheServerIsGivenBackWithTheEnd() {
        for (GivenClient client : clients) {
            client.leave();
            client.bytes();
            assertThat(client.lane.connections()).isEmpty();
            assertThat(client.bytesInUse()).isZero();
            assertThat(given.ended).contains(client.connection);
        }
        assertThat(given.admission.inFlight()).isZero();
        assertThat(given.admission.keptBytes()).isZero();
        assertThat(given.unsent.total()).isZero();
    }

    private GivenClient arriving() {
        clients.add(new GivenClient(given));
        return clients.get(clients.size() - 1);
    }

    private GivenClient attached() {
        clients.add(GivenClient.attached(given));
        return clients.get(clients.size() - 1);
    }

    private static byte[] exists(int xid) {
        return GivenClient.request(xid, OpCode.EXISTS, new ClientRequest.Read("/", false));
    }

    private static byte[] setData(int xid) {
        return GivenClient.request(xid, OpCode.SET_DATA, new ClientRequest.SetData("/", new byte[3], -1));
    }

    private static byte[] getData(int xid) {
        return GivenClient.request(xid, OpCode.GET_DATA, new ClientRequest.Read("/", false));
    }

    /** A read whose answer has at least so many bytes: the root again and again, its data and a Stat of 68 bytes. */
    private static byte[] longRead(int xid, int answerBytes) {
        ClientRequest.Part root = new ClientRequest.Part(OpCode.GET_DATA, new ClientRequest.Read("/", false));
        return GivenClient.request(
                xid, OpCode.MULTI_READ, new ClientRequest.Multi(Collections.nCopies(answerBytes / 68 + 1, root)));
    }

    /** A request of so many bytes behind its header. */
    private static byte[] longPath(int xid, int bodyBytes) {
        return GivenClient.request(xid, OpCode.GET_EPHEMERALS, new ClientRequest.PathOnly("x".repeat(bodyBytes - 4)));
    }

    private static byte[] bare(int xid, int op) {
        return GivenClient.request(xid, op, NOTHING);
    }

    private static List<String> replies(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(xid -> "reply " + xid)
                .toList();
    }

    // ---- Before there is a session ----------------------------------------------------------------------------

    @Test
    void aClientThatIsLetInHearsOfItsSession() {
        GivenClient client = arriving();
        client.send(connect());
        assertThat(client.news()).isEmpty();
        assertThat(client.isRead()).as("reads while its session is made").isFalse();
        given.acceptSession(7);
        client.coreRoundEnds();
        assertThat(client.news()).containsExactly("session 7 timeout 10000");
        assertThat(client.isRead()).isTrue();
        assertThat(client.connection.sessionId()).isEqualTo(7);
    }

    @Test
    void aClientThatIsRefusedHearsItAndIsClosed() {
        GivenClient client = arriving();
        client.send(connect());
        given.refuseSession();
        client.coreRoundEnds();
        assertThat(client.news()).containsExactly("session 0 timeout 0", "end");
    }

    @Test
    void requestsRightBehindTheConnectRequestAreAnsweredBehindItsReply() {
        GivenClient client = arriving();
        client.send(connect(), exists(1), exists(2));
        client.send(exists(3));
        assertThat(client.news()).isEmpty();
        given.acceptSession(7);
        client.coreRoundEnds();
        assertThat(client.news()).containsExactly("session 7 timeout 10000", "reply 1", "reply 2", "reply 3");
        assertThat(client.isRead()).isTrue();
    }

    @Test
    void nothingIsReadFromAConnectionThatIsRefusedByTheHandshake() {
        given.service = ServiceMode.NOBODY;
        GivenClient client = arriving();
        client.send(connect(), exists(1));
        assertThat(client.news()).containsExactly("end");
        assertThat(given.sessions).isEmpty();
    }

    @Test
    void aServerThatTakesNobodySaysSoAtTheFirstLength() {
        given.service = ServiceMode.NOBODY;
        GivenClient client = arriving();
        client.send(new byte[] {0, 0, 0, 45});
        assertThat(client.news()).containsExactly("end");
    }

    @Test
    void whoComesWhileALeaderIsFoundWaitsAtTheDoorAndIsLetInWithWhatItSentMeanwhile() {
        given.service = ServiceMode.NOBODY_YET;
        GivenClient client = arriving();
        client.send(connect(), exists(1));
        client.pass(50);
        assertThat(client.news()).isEmpty();
        assertThat(client.isRead()).as("reads while it waits").isFalse();
        assertThat(given.sessions).isEmpty();
        given.service = ServiceMode.EVERYBODY;
        client.pass(5);
        given.acceptSession(7);
        client.coreRoundEnds();
        assertThat(client.news()).containsExactly("session 7 timeout 10000", "reply 1");
    }

    @Test
    void whoWaitsAtTheDoorIsSentAwayWhenNoLeaderIsFound() {
        given.service = ServiceMode.NOBODY_YET;
        GivenClient client = arriving();
        client.send(connect());
        given.service = ServiceMode.NOBODY;
        client.pass(5);
        assertThat(client.news()).containsExactly("end");
        assertThat(given.sessions).isEmpty();
    }

    @Test
    void whoLeavesTheDoorIsForgotten() {
        given.service = ServiceMode.NOBODY_YET;
        GivenClient client = arriving();
        client.send(connect());
        client.leave();
        given.service = ServiceMode.EVERYBODY;
        client.pass(5);
        assertThat(given.sessions).isEmpty();
    }

    @Test
    void aConnectRequestHasASmallerLimitThanOthers() {
        int limit = 64 * 1024;
        GivenClient client = arriving();
        client.send(ByteBuffer.allocate(4).putInt(limit + 1).array());
        assertThat(client.news()).containsExactly("end");
        GivenClient padded = arriving();
        padded.send(frame(out -> {
            byte[] connect = connect();
            out.writeBytes(connect, 4, connect.length - 4);
            out.writeBytes(new byte[limit], 0, limit - (connect.length - 4));
        }));
        given.acceptSession(7);
        padded.coreRoundEnds();
        assertThat(padded.news()).containsExactly("session 7 timeout 10000");
    }

    @Test
    void aConnectionWithoutASessionIsClosedInTheEnd() {
        GivenClient served = attached();
        GivenClient silent = arriving();
        GivenClient slow = arriving();
        slow.send(new byte[] {0, 0, 0, 45, 0});
        GivenClient waiting = arriving();
        waiting.send(connect());
        for (GivenClient client : clients) {
            client.line.advanceTimeBy(GivenPort.SESSIONLESS_MILLIS + 1, TimeUnit.MILLISECONDS);
            client.line.runScheduledPendingTasks();
        }
        assertThat(silent.news()).containsExactly("end");
        assertThat(slow.news()).containsExactly("end");
        assertThat(waiting.news()).containsExactly("end");
        assertThat(served.news()).isEmpty();
    }

    @Test
    void aFourLetterWordIsAnsweredAndTheConnectionEnds() {
        GivenClient client = arriving();
        client.sendByteByByte(OneCommand.WORD);
        assertThat(client.bytes()).isEqualTo("imok".getBytes(StandardCharsets.US_ASCII));
        assertThat(client.line.isOpen()).isFalse();
    }

    // ---- Order ------------------------------------------------------------------------------------------------

    @Test
    void readsAreAnsweredAtOnceAndInOneFlush() {
        GivenClient client = attached();
        client.send(exists(1), exists(2), bare(-2, OpCode.PING), exists(3));
        assertThat(client.line.outboundMessages()).hasSize(1);
        assertThat(client.news()).containsExactly("reply 1", "reply 2", "reply -2", "reply 3");
    }

    @Test
    void aReadBehindAWriteWaitsForIt() {
        GivenClient client = attached();
        client.send(exists(1), setData(2), exists(3), exists(4));
        assertThat(client.news()).containsExactly("reply 1");
        assertThat(given.admission.inFlight()).isEqualTo(1);
        given.answerWrite();
        assertThat(client.news()).isEmpty();
        client.coreRoundEnds();
        assertThat(client.news()).containsExactly("reply 2", "reply 3", "reply 4");
        assertThat(given.admission.inFlight()).isZero();
    }

    @Test
    void aWriteTakesTheReadsAlongThatWaitAheadOfIt() {
        GivenClient client = attached();
        client.send(setData(1), exists(2), exists(3), setData(4), exists(5));
        assertThat(given.writes).extracting(write -> write.readsAhead().size()).containsExactly(0, 2);
        given.answerWrite();
        given.answerWrite();
        client.coreRoundEnds();
        assertThat(client.news()).containsExactly("reply 1", "reply 4", "reply 5");
    }

    @Test
    void anotherSessionDoesNotWait() {
        GivenClient writer = attached();
        GivenClient reader = attached();
        writer.send(setData(1));
        reader.send(exists(1));
        assertThat(reader.news()).containsExactly("reply 1");
    }

    @Test
    void anEventQueuedBeforeAReadIsSentAheadOfItsAnswer() {
        GivenClient client = attached();
        client.connection.queue(event());
        client.send(exists(1));
        assertThat(client.news()).containsExactly("event of 9", "reply 1");
        client.coreRoundEnds();
        assertThat(client.news()).isEmpty();
    }

    @Test
    void theServerOverItsLimitReadsOnlyFromConnectionsThatHaveNothingOutstanding() {
        GivenClient busy = attached();
        GivenClient idle = attached();
        busy.send(setData(1), setData(2), setData(3), setData(4), setData(5));
        idle.send(exists(1));
        assertThat(busy.isRead()).isFalse();
        assertThat(idle.isRead()).isTrue();
        while (!given.writes.isEmpty()) {
            given.answerWrite();
        }
        busy.coreRoundEnds();
        assertThat(busy.isRead()).isTrue();
        assertThat(busy.news()).isEqualTo(replies(1, 5));
    }

    // ---- Clients that do not take their answers ---------------------------------------------------------------

    @Test
    void aClientThatTakesNothingIsNotServedFurtherAndGetsEverythingInOrderLater() {
        GivenClient client = attached();
        client.line.stop();
        client.send(longRead(1, GivenClient.HIGH_WATER_BYTES));
        client.send(exists(2), setData(3), exists(4));
        assertThat(given.writes).isEmpty();
        assertThat(client.isRead()).isFalse();
        client.takeAll();
        assertThat(client.news()).containsExactly("reply 1", "reply 2");
        assertThat(client.isRead()).isTrue();
        given.answerWrite();
        client.coreRoundEnds();
        assertThat(client.news()).containsExactly("reply 3", "reply 4");
    }

    @Test
    void aBurstOfReadsCostsNoMoreThanAFewOfThemAndTheRestWaitsForAClientThatTakesNothing() {
        given.growRoot(30_000);
        GivenClient client = attached();
        client.line.stop();
        client.send(getData(1), getData(2), getData(3), getData(4), getData(5));
        client.send(setData(6), exists(7));
        assertThat(client.line.unsafe().outboundBuffer().totalPendingWriteBytes())
                .isBetween(90_000L, 100_000L);
        assertThat(given.writes).isEmpty();
        client.takeAll();
        assertThat(client.news()).containsExactly("reply 1", "reply 2", "reply 3", "reply 4", "reply 5");
        given.answerWrite();
        client.coreRoundEnds();
        assertThat(client.news()).containsExactly("reply 6", "reply 7");
    }

    @Test
    void aWriteBehindReadsThatNobodyTakesWaitsWithThemAndDoesNotCarryThemToTheCore() {
        theWriteComesBehindReadsThatNobodyTakes(client ->
                client.send(getData(1), getData(2), getData(3), getData(4), getData(5), setData(6), exists(7)));
    }

    @Test
    void aWriteThatArrivesWhileReadsWaitForTheClientComesBehindThem() {
        theWriteComesBehindReadsThatNobodyTakes(client -> {
            client.send(getData(1), getData(2), getData(3), getData(4), getData(5));
            client.arrive(setData(6), exists(7));
        });
    }

    private void theWriteComesBehindReadsThatNobodyTakes(Consumer<GivenClient> requests) {
        given.growRoot(30_000);
        GivenClient client = attached();
        client.line.stop();
        requests.accept(client);
        assertThat(given.writes).isEmpty();
        client.takeAll();
        assertThat(client.news()).containsExactly("reply 1", "reply 2", "reply 3", "reply 4", "reply 5");
        assertThat(given.writes.element().readsAhead()).isEmpty();
        given.answerWrite();
        client.coreRoundEnds();
        assertThat(client.news()).containsExactly("reply 6", "reply 7");
    }

    @Test
    void aBurstOfReadsGoesOutInPieces() {
        given.growRoot(30_000);
        GivenClient client = attached();
        client.send(getData(1), getData(2), getData(3), getData(4), getData(5));
        assertThat(client.line.outboundMessages()).hasSize(2);
        assertThat(client.news()).containsExactly("reply 1", "reply 2", "reply 3", "reply 4", "reply 5");
    }

    @Test
    void readsThatAWriteLetGoWaitForAClientThatTakesNothing() {
        GivenClient client = attached();
        client.send(setData(1), longRead(2, 100_000), longRead(3, 100_000), exists(4));
        client.line.stop();
        given.answerWrite();
        client.coreRoundEnds();
        client.takeAll();
        assertThat(client.news()).containsExactly("reply 1", "reply 2", "reply 3", "reply 4");
    }

    @Test
    void aClientThatLeavesFarTooMuchUntakenIsClosed() {
        GivenClient client = attached();
        client.line.stop();
        client.connection.queue(new Outgoing.Encoded(new byte[150_000]));
        client.coreRoundEnds();
        assertThat(client.line.isOpen()).isTrue();
        client.connection.queue(new Outgoing.Encoded(new byte[150_000]));
        client.coreRoundEnds();
        assertThat(client.line.isOpen()).isFalse();
    }

    @Test
    void whileAllLeaveTooMuchOnlyWhoLeavesSomethingIsPaused() {
        GivenClient little = attached();
        GivenClient good = attached();
        GivenClient hog = attached();
        little.line.stop();
        little.send(exists(1));
        little.send(exists(2));
        assertThat(little.isRead()).as("is read from while there is room").isTrue();
        hog.line.stop();
        hog.connection.queue(new Outgoing.Encoded(new byte[120_000]));
        hog.coreRoundEnds();
        assertThat(given.unsent.total()).isGreaterThan(120_000);
        little.send(exists(3), setData(4));
        good.send(exists(1), exists(2));
        assertThat(given.writes).isEmpty();
        assertThat(little.isRead()).isFalse();
        assertThat(good.news()).containsExactly("reply 1", "reply 2");
        assertThat(good.isRead()).isTrue();
        little.takeAll();
        assertThat(little.news()).isEqualTo(replies(1, 3));
        assertThat(given.writes).hasSize(1);
        assertThat(little.isRead()).isTrue();
        assertThat(hog.line.isOpen()).isTrue();
    }

    @Test
    void whatAClientTakesLaterIsCountedOutByItself() {
        GivenClient client = attached();
        client.line.stop();
        client.send(longRead(1, 3000));
        client.send(exists(2));
        assertThat(given.unsent.total()).isBetween(3000L, 5000L);
        client.takeAll();
        assertThat(given.unsent.total()).isZero();
        assertThat(client.news()).isEqualTo(replies(1, 2));
    }

    /** The bytes that are waited for leave, and others come, before the connection gets to look. */
    @Test
    void aClientThatTakesALittleAtATimeIsServedAgainWhenItHasTakenAll() {
        GivenClient client = attached();
        client.line.stop();
        client.send(exists(1));
        client.send(exists(2));
        client.onLoop(() -> {
            client.line.take(2);
            client.arrive(exists(3));
        });
        GivenClient hog = attached();
        hog.line.stop();
        hog.connection.queue(new Outgoing.Encoded(new byte[120_000]));
        hog.coreRoundEnds();
        client.send(exists(4));
        assertThat(client.isRead()).isFalse();
        client.takeAll();
        assertThat(client.news()).isEqualTo(replies(1, 4));
        assertThat(client.isRead()).isTrue();
    }

    @Test
    void whoeverHoldsMostGoesWhenAllLeaveFarTooMuch() {
        List<GivenClient> hogs = new ArrayList<>();
        for (int bytes : new int[] {100_000, 180_000, 110_000, 90_000}) {
            GivenClient hog = attached();
            hogs.add(hog);
            hog.line.stop();
            hog.connection.queue(new Outgoing.Encoded(new byte[bytes]));
            hog.coreRoundEnds();
        }
        hogs.forEach(hog -> hog.line.runPendingTasks());
        assertThat(hogs).extracting(hog -> hog.line.isOpen()).containsExactly(true, false, true, true);
        assertThat(given.unsent.total()).isBetween(300_000L, 301_000L);
    }

    // ---- Ends -------------------------------------------------------------------------------------------------

    @Test
    void closeSessionIsAnsweredAndNothingBehindIt() {
        GivenClient client = attached();
        client.send(setData(1), bare(2, OpCode.CLOSE_SESSION), exists(3), setData(4));
        assertThat(given.writes).hasSize(2);
        given.answerWrite();
        given.answerWrite();
        client.coreRoundEnds();
        assertThat(client.news()).containsExactly("reply 1", "reply 2", "end");
    }

    @Test
    void anUnknownRequestIsRefusedInItsPlaceAndEndsTheConnection() {
        GivenClient client = attached();
        client.send(setData(1), exists(2), bare(3, UNKNOWN_OP), exists(4));
        given.answerWrite();
        client.coreRoundEnds();
        assertThat(client.news()).containsExactly("reply 1", "reply 2", "reply 3 error -6", "end");
    }

    @Test
    void aRequestThatEndsTooEarlyIsRefusedAloneAndTheConnectionGoesOn() {
        GivenClient client = attached();
        client.send(
                frame(out -> {
                    out.writeInt(1);
                    out.writeInt(OpCode.EXISTS);
                    out.writeInt(50);
                }),
                frame(out -> {
                    out.writeInt(2);
                    out.writeInt(OpCode.SET_DATA);
                }),
                exists(3));
        assertThat(client.news()).containsExactly("reply 1 error -5", "reply 2 error -5", "reply 3");
    }

    @Test
    void aWrongLoginIsRefusedAndEndsTheConnection() {
        GivenClient client = attached();
        client.send(
                GivenClient.request(-4, OpCode.AUTH, new ClientRequest.Auth(0, "nobody-knows", new byte[1])),
                exists(1));
        assertThat(client.news()).containsExactly("reply -4 error -115", "end");
    }

    @Test
    void aLoginCountsFromTheNextRequestOn() {
        GivenClient client = attached();
        byte[] secret = "me:pw".getBytes(StandardCharsets.US_ASCII);
        client.send(GivenClient.request(-4, OpCode.AUTH, new ClientRequest.Auth(0, "digest", secret)), exists(1));
        assertThat(client.news()).containsExactly("reply -4", "reply 1");
        assertThat(client.connection.identities().holdsScheme("digest")).isTrue();
    }

    @Test
    void theCoreEndsAConnectionAndWhatItQueuesAfterwardsIsLost() {
        GivenClient client = attached();
        client.connection.queue(event());
        client.connection.hangUp();
        client.connection.queue(event());
        client.coreRoundEnds();
        assertThat(client.news()).containsExactly("event of 9", "end");
        client.connection.queue(event());
        client.coreRoundEnds();
        assertThat(client.connection.isOpen()).isFalse();
    }

    @Test
    void writesInFlightOfAClientThatLeavesAreCountedOut() {
        GivenClient client = attached();
        client.send(setData(1), setData(2));
        client.leave();
        assertThat(given.admission.inFlight()).isZero();
        given.answerWrite();
        client.coreRoundEnds();
        assertThat(given.admission.inFlight()).isZero();
        assertThat(given.ended).containsExactly(client.connection);
    }

    // ---- Bytes ------------------------------------------------------------------------------------------------

    @Test
    void byteByByteIsTheSameAsAtOnce() {
        GivenClient client = arriving();
        client.sendByteByByte(connect());
        given.acceptSession(7);
        client.coreRoundEnds();
        client.sendByteByByte(exists(1), setData(2), exists(3));
        given.answerWrite();
        client.coreRoundEnds();
        assertThat(client.news()).containsExactly("session 7 timeout 10000", "reply 1", "reply 2", "reply 3");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, GivenPort.MAX_FRAME_BYTES + 1, Integer.MAX_VALUE})
    void anImpossibleLengthEndsTheConnectionBeforeItsBytesCome(int length) {
        byte[] word = ByteBuffer.allocate(4).putInt(length).array();
        GivenClient stranger = arriving();
        stranger.send(word);
        assertThat(stranger.news()).containsExactly("end");
        GivenClient client = attached();
        client.send(exists(1), word, exists(2));
        assertThat(client.news()).endsWith("end").doesNotContain("reply 2");
    }

    @Test
    void aFrameOfTheGreatestLengthIsTaken() {
        GivenClient client = attached();
        client.send(longPath(1, GivenPort.MAX_FRAME_BYTES - 8));
        assertThat(client.news()).containsExactly("reply 1");
    }

    @Test
    void halfAFrameAndAnEndIsJustAnEnd() {
        GivenClient client = attached();
        byte[] half = new byte[10_000];
        half[1] = 1;
        client.send(half);
        client.leave();
        assertThat(client.news()).containsExactly("end");
    }

    static LongStream seeds() {
        return LongStream.concat(LongStream.rangeClosed(1, 50), LongStream.of(System.nanoTime()));
    }

    /** Whatever comes: one connection ends at the worst, everything is given back, no fault escapes. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void garbageHurtsNobodyElse(long seed) {
        Random random = new Random(seed);
        GivenClient good = attached();
        GivenClient bad = random.nextBoolean() ? attached() : arriving();
        for (int i = 0; i < 20 && bad.line.isOpen(); i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            bad.send(random.nextBoolean() ? bytes : frame(out -> out.writeBytes(bytes, 0, bytes.length)));
            while (!given.writes.isEmpty()) {
                given.answerWrite();
            }
            given.sessions.clear();
            bad.coreRoundEnds();
        }
        good.send(exists(1));
        assertThat(good.news()).containsExactly("reply 1");
    }
}
