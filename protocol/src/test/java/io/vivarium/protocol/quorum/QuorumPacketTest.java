/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Id;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets as stock servers sent them, and bytes that nobody should send. */
class QuorumPacketTest {
    private static final int LIMIT = 2 * JuteReader.DEFAULT_MAX_BUFFER;
    private static final Map<String, byte[]> CAPTURED = load();

    @Test
    void everyCapturedPacketIsReadAndWrittenBackUnchanged() {
        CAPTURED.forEach(
                (name, bytes) -> assertThat(packet(name).toBytes()).as(name).isEqualTo(bytes));
    }

    @Test
    void packetsAreCutFromAStreamThatArrivesByteByByte() {
        List<QuorumPacket> expected = new ArrayList<>();
        ByteBuffer stream = ByteBuffer.allocate(4096);
        CAPTURED.forEach((name, bytes) -> {
            expected.add(packet(name));
            stream.put(bytes);
        });
        int end = stream.position();
        QuorumPacketDecoder decoder = new QuorumPacketDecoder(LIMIT);
        List<QuorumPacket> found = new ArrayList<>();
        ByteBuffer in = stream.duplicate().position(0).limit(0);
        for (int limit = 1; limit <= end; limit++) {
            in.limit(limit);
            int before = in.position();
            QuorumPacket packet = decoder.decode(in);
            if (packet == null) {
                assertThat(in.position()).isEqualTo(before);
                assertThat(decoder.needed()).isGreaterThan(in.remaining());
            } else {
                found.add(packet);
            }
        }
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void theDecoderReadsNoByteBeyondASnapPacket() {
        byte[] snap = CAPTURED.get("snap");
        ByteBuffer in = ByteBuffer.allocate(100).put(snap).put((byte) 0x7f).flip();
        assertThat(new QuorumPacketDecoder(LIMIT).decode(in)).isEqualTo(QuorumPacket.of(PacketType.SNAP, 0x100000006L));
        assertThat(in.remaining()).isEqualTo(1);
    }

    @Test
    void aLengthAboveTheLimitIsRefusedBeforeItsBytesArrive() {
        ByteBuffer in = ByteBuffer.allocate(20)
                .putInt(2)
                .putLong(7)
                .putInt(LIMIT + 1)
                .putInt(0)
                .flip();
        assertThatThrownBy(() -> new QuorumPacketDecoder(LIMIT).decode(in))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("" + (LIMIT + 1))
                .hasMessageContaining("" + LIMIT);
    }

    @Test
    void aNegativeLengthOtherThanNullIsRefused() {
        ByteBuffer in = ByteBuffer.allocate(20)
                .putInt(2)
                .putLong(7)
                .putInt(-2)
                .putInt(0)
                .flip();
        assertThatThrownBy(() -> new QuorumPacketDecoder(LIMIT).decode(in)).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void identitiesCannotMakeAPacketGrowWithoutBound() {
        ByteBuffer in = ByteBuffer.allocate(20 + 8 * 20)
                .putInt(1)
                .putLong(-1)
                .putInt(-1)
                .putInt(Integer.MAX_VALUE);
        while (in.hasRemaining()) {
            in.putInt(-1);
        }
        in.flip();
        assertThatThrownBy(() -> new QuorumPacketDecoder(100).decode(in)).isInstanceOf(MalformedDataException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyBytesDecodeOrAreRefused(long seed) {
        Random dice = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[dice.nextInt(80)];
            dice.nextBytes(bytes);
            if (bytes.length >= 16 && dice.nextBoolean()) {
                ByteBuffer.wrap(bytes).putInt(12, dice.nextInt(60) - 2);
            }
            ByteBuffer in = ByteBuffer.wrap(bytes);
            try {
                QuorumPacket packet = new QuorumPacketDecoder(64).decode(in);
                assertThat(in.position()).isEqualTo(packet == null ? 0 : packet.toBytes().length);
            } catch (MalformedDataException refused) {
                assertThat(refused.kind()).isEqualTo(MalformedDataException.Kind.BAD_LENGTH);
            }
        }
    }

    @Test
    void learnerInfoIsReadByItsLength() {
        byte[] twenty = packet("followerinfo-empty-server").dataOrEmpty();
        assertThat(LearnerInfo.read(twenty, -1)).isEqualTo(LearnerInfo.of(3, 0));
        assertThat(LearnerInfo.of(3, 0).toBytes()).isEqualTo(twenty);
        assertThat(LearnerInfo.read(twenty, -1).isLegacy()).isFalse();

        byte[] twelve = HexFormat.of().parseHex("000000000000000300010000");
        LearnerInfo legacy = LearnerInfo.read(twelve, -1);
        assertThat(legacy.protocolVersion()).isEqualTo(LearnerInfo.PROTOCOL_VERSION);
        assertThat(legacy.isLegacy()).isTrue();
        assertThat(legacy.toBytes()).isEqualTo(twelve);

        byte[] eight = HexFormat.of().parseHex("0000000000000003");
        assertThat(LearnerInfo.read(eight, -1)).isEqualTo(new LearnerInfo(3, 1, LearnerInfo.NO_CONFIG_VERSION));
        assertThat(LearnerInfo.read(null, -2)).isEqualTo(new LearnerInfo(-2, 1, LearnerInfo.NO_CONFIG_VERSION));
        assertThatThrownBy(() -> LearnerInfo.read(new byte[3], -1)).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void epochPacketsCarryTheirSmallPayloads() {
        assertThat(EpochPayload.leaderInfo(1)).isEqualTo(packet("leaderinfo-epoch-1"));
        assertThat(EpochPayload.ackEpoch(0, 0)).isEqualTo(packet("ackepoch-empty-server"));
        assertThat(EpochPayload.ackEpoch(0x100000009L, EpochPayload.NO_EPOCH)).isEqualTo(packet("ackepoch-same-epoch"));
        assertThat(EpochPayload.readCurrentEpoch(packet("ackepoch-same-epoch"))).isEqualTo(-1);
        assertThat(EpochPayload.readDesignatedLeader(packet("commitandactivate")))
                .isEqualTo(2);
    }

    @Test
    void requestsCarryTheClientsBodyAndIdentities() {
        ForwardedRequest sync = ForwardedRequest.read(packet("request-sync"));
        assertThat(sync.sessionId()).isEqualTo(0x0300000e9ac80000L);
        assertThat(sync.cxid()).isEqualTo(2);
        assertThat(sync.opCode()).isEqualTo(OpCode.SYNC);
        assertThat(sync.body()).isEqualTo(new byte[] {0, 0, 0, 1, '/'});
        assertThat(sync.authinfo()).containsExactly(new Id("ip", "127.0.0.1"));
        assertThat(sync.toPacket()).isEqualTo(packet("request-sync"));
        assertThat(ForwardedRequest.read(packet("request-create-session")).authinfo())
                .isNull();
    }

    @Test
    void aPingIsAnsweredWithATouchTableThatIsNeverNull() {
        assertThat(SessionTimeout.pingReply(0x100000006L, List.of())).isEqualTo(packet("ping-reply-empty"));
        QuorumPacket one = packet("ping-reply-one-session");
        List<SessionTimeout> touches = SessionTimeout.readAll(one.dataOrEmpty());
        assertThat(touches).containsExactly(new SessionTimeout(0x0300000e9ac80000L, 10_000));
        assertThat(SessionTimeout.pingReply(one.zxid(), touches)).isEqualTo(one);
        assertThatThrownBy(() -> SessionTimeout.readAll(new byte[13])).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void revalidationAsksWithTwelveBytesAndIsAnsweredWithNine() {
        SessionTimeout question = new SessionTimeout(0x0100001025fb0000L, 10_000);
        assertThat(question.toRevalidate()).isEqualTo(packet("revalidate-question"));
        SessionVerdict verdict = new SessionVerdict(0x0100001025fb0000L, true);
        assertThat(verdict.toPacket()).isEqualTo(packet("revalidate-answer"));
        assertThat(SessionVerdict.read(packet("revalidate-answer").dataOrEmpty()))
                .isEqualTo(verdict);
    }

    @Test
    void proposalDataIsALoggedTransaction() {
        ByteBuffer data = ByteBuffer.wrap(packet("proposal-create").dataOrEmpty());
        LoggedTxn txn = LoggedTxn.read(data, LIMIT);
        assertThat(txn.zxid()).isEqualTo(0x100000008L);
        assertThat(txn.body()).isInstanceOf(Txn.Create.class);
        assertThat(txn.digest()).isNotNull();
    }

    @Test
    void packetsNameThemselves() {
        assertThat(packet("proposal-create")).hasToString("PROPOSAL 0x100000008 90 bytes");
        assertThat(PacketType.name(77)).isEqualTo("type 77");
    }

    private static QuorumPacket packet(String name) {
        QuorumPacket packet = new QuorumPacketDecoder(LIMIT).decode(ByteBuffer.wrap(CAPTURED.get(name)));
        assertThat(packet).as(name).isNotNull();
        return packet;
    }

    private static Map<String, byte[]> load() {
        Map<String, byte[]> packets = new LinkedHashMap<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                QuorumPacketTest.class.getResourceAsStream("/fixtures/quorum/packets.txt"), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.startsWith("#")) {
                    int name = line.indexOf(' ');
                    packets.put(
                            line.substring(0, name),
                            HexFormat.of().parseHex(line.substring(name).replace(" ", "")));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return packets;
    }
}
