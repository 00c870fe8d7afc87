/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import io.netty.buffer.ByteBuf;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Bytes of links, for tests. */
final class Streams {
    static final int LIMIT = 2 * 0xfffff;

    /** What a stock leader says to an empty server (spec quorum 17.1), the image cut down to two nodes. */
    static final byte[] LEADER = hex(
            "00000011 0000000100000000 00000004 00010000 ffffffff", // LEADERINFO
            "0000000f 0000000100000006 ffffffff ffffffff", // SNAP
            "00000000 00000001 0000000000000001 00000001 00000001 00000005 776f726c64 00000006 616e796f6e65",
            "00000000 00000000 ffffffffffffffff 0000000000000000 0000000000000000 0000000000000000 0000000000000000",
            "00000000 00000002 00000000 0000000000000000 0000000100000003",
            "00000002 2f61 00000005 7468726565 0000000000000002",
            "0000000100000002 0000000100000004 000001a1fbbeeb7f 000001a1fbbeeba4 00000001 00000000 00000000",
            "0000000000000000 0000000100000002",
            "00000001 2f",
            "0000000a 42656e57617348657265", // BenWasHere
            "0000000a 0000000100000000 00000003 616263 ffffffff", // NEWLEADER
            "0000000c ffffffffffffffff ffffffff ffffffff", // UPTODATE
            "00000005 0000000100000006 ffffffff ffffffff"); // PING

    /** What the packets in {@link #LEADER} are, and the image by its place. */
    static final List<String> LEADER_EVENTS = List.of(
            "LEADERINFO 0x100000000 4 bytes",
            "SNAP 0x100000006",
            "image",
            "NEWLEADER 0x100000000 3 bytes",
            "UPTODATE 0xffffffffffffffff",
            "PING 0x100000006");

    /** What a stock learner says (spec quorum 17.1, 17.2). */
    static final byte[] LEARNER = hex(
            "0000000b 0000000000000000 00000014 0000000000000003 00010000 0000000000000000 ffffffff",
            "00000012 0000000000000000 00000004 00000000 ffffffff",
            "00000003 0000000100000000 ffffffff ffffffff",
            "00000005 0000000100000006 00000000 ffffffff",
            "00000001 ffffffffffffffff 00000015 0300000e9ac80000 00000002 00000009 00000001 2f",
            "00000001 00000002 6970 00000009 3132372e302e302e31");

    static final List<String> LEARNER_EVENTS = List.of(
            "FOLLOWERINFO 0x0 20 bytes",
            "ACKEPOCH 0x0 4 bytes",
            "ACK 0x100000000",
            "PING 0x100000006 0 bytes",
            "REQUEST 0xffffffffffffffff 21 bytes [Id[scheme=ip, id=127.0.0.1]]");

    private static final byte[] SIGNATURE = hex("0000000a 42656e57617348657265");

    private Streams() {}

    static byte[] hex(String... parts) {
        return HexFormat.of().parseHex(String.join("", parts).replace(" ", ""));
    }

    static QuorumPacket packet(int type, long zxid, String data) {
        return QuorumPacket.of(type, zxid, data.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        buffer.release();
        return bytes;
    }

    /** Keeps an image up to its signature; an element is one byte here. */
    static final class KeptImage implements ImageSink {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        @Override
        public boolean accept(ByteBuffer in) {
            while (in.remaining() >= SIGNATURE.length) {
                if (in.slice(in.position(), SIGNATURE.length).equals(ByteBuffer.wrap(SIGNATURE))) {
                    in.position(in.position() + SIGNATURE.length);
                    return true;
                }
                kept.write(in.get());
            }
            return false;
        }

        byte[] bytes() {
            return kept.toByteArray();
        }
    }
}
