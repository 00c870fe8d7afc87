/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.vote;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.jute.MalformedDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One vote on the wire. The sender's sid is not part of it; it is the sid of the connection (spec election 2).
 *
 * <p>Reading follows the eyes of a 3.5+ server: a body of 28 or 40 bytes has version 0 whatever it says (spec election
 * 2.2). That is seen in nothing but in which votes count together, so we must agree with our peers on it.
 *
 * @param state what the sender is doing
 * @param leader sid voted for; the smallest long from a server that may not vote
 * @param zxid last zxid of that leader as far as the sender knows
 * @param round logical clock of the election
 * @param peerEpoch ZAB epoch that goes with the vote
 * @param version format version as it counts for vote equality: 0 for 3.4 and older, 2 for 3.5 and newer
 * @param config text of the sender's committed configuration, empty when the layout has none
 */
public record Notification(
        PeerState state, long leader, long zxid, long round, long peerEpoch, int version, String config) {

    /** The version we write, and the first one that carries a configuration. */
    public static final int CURRENT_VERSION = 2;

    /** The version that 3.4 servers write and nobody reads. */
    private static final int VERSION_OF_VERSIONED = 1;

    /** A notification as we send it. */
    public static Notification of(PeerState state, long leader, long zxid, long round, long peerEpoch, String config) {
        return new Notification(state, leader, zxid, round, peerEpoch, CURRENT_VERSION, config);
    }

    /** The frame body, without the frame length, in one of the layouts. */
    public byte[] encode(NotificationLayout layout) {
        if (state == PeerState.UNKNOWN) {
            throw new IllegalArgumentException("a notification with an unknown state cannot be sent");
        }
        byte[] text = layout == NotificationLayout.CONFIG ? config.getBytes(StandardCharsets.UTF_8) : new byte[0];
        ByteBuffer out = ByteBuffer.allocate(layout.fixedBytes() + text.length);
        out.putInt(state.code()).putLong(leader).putLong(zxid).putLong(round);
        if (layout != NotificationLayout.EPOCHLESS) {
            out.putLong(peerEpoch);
            out.putInt(layout == NotificationLayout.VERSIONED ? VERSION_OF_VERSIONED : CURRENT_VERSION);
        }
        if (layout == NotificationLayout.CONFIG) {
            out.putInt(text.length).put(text);
        }
        return out.array();
    }

    /**
     * Reads one frame body, from position to limit.
     *
     * @throws MalformedDataException when the body must be dropped; its connection may live on (spec election 2.2)
     */
    public static Notification decode(ByteBuffer body) {
        ByteBuffer in = body.order(ByteOrder.BIG_ENDIAN);
        int start = in.position();
        int length = in.remaining();
        need(in, start, NotificationLayout.EPOCHLESS.fixedBytes());
        PeerState state = PeerState.ofCode(in.getInt());
        long leader = in.getLong();
        long zxid = in.getLong();
        long round = in.getLong();
        if (length == NotificationLayout.EPOCHLESS.fixedBytes()) {
            return new Notification(state, leader, zxid, round, Zxid.epoch(zxid), 0, "");
        }
        // The 36-byte body of servers before 3.4.6 ends inside the version; 3.5+ drops it, and so do we.
        need(in, start, Long.BYTES + Integer.BYTES);
        long peerEpoch = in.getLong();
        int version = in.getInt();
        if (length == NotificationLayout.VERSIONED.fixedBytes()) {
            return new Notification(state, leader, zxid, round, peerEpoch, 0, "");
        }
        String config = version >= CURRENT_VERSION ? readConfig(in, start, length) : "";
        return new Notification(state, leader, zxid, round, peerEpoch, version, config);
    }

    /** Bytes after the text are ignored (spec election 2.2). */
    private static String readConfig(ByteBuffer in, int start, int bodyLength) {
        need(in, start, Integer.BYTES);
        int offset = in.position() - start;
        int length = in.getInt();
        if (length < 0 || length > bodyLength) {
            throw MalformedDataException.badLength(offset, length, bodyLength);
        }
        need(in, start, length);
        byte[] text = new byte[length];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static void need(ByteBuffer in, int start, int bytes) {
        if (in.remaining() < bytes) {
            throw MalformedDataException.truncated(in.position() - start, bytes, in.remaining());
        }
    }

    @Override
    public String toString() {
        return state + "(" + leader + "," + Zxid.toString(zxid) + ",r" + round + ",e" + peerEpoch + ",v" + version
                + ")";
    }
}
