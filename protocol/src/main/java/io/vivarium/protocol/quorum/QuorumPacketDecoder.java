/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.quorum;

import io.vivarium.protocol.data.Id;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.MalformedDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into {@link QuorumPacket}s (spec quorum 1.1).
 *
 * <p>The caller collects bytes and calls {@link #decode} while it returns packets. A packet that is not yet complete
 * leaves the position of the buffer where it was; {@link #needed} then says how many bytes must be there before another
 * attempt can get further, so a large packet that arrives in many pieces is looked at once per field, not once per
 * piece. Lengths are checked as soon as they can be seen, before anybody waits for, or allocates, what they announce.
 *
 * <p>After a SNAP packet the stream holds an image that is no packet (spec quorum 1.5). The decoder takes one packet at
 * a time and reads no byte beyond it, so the caller simply stops calling until the image is over.
 *
 * <p>Thread: one connection's. Bounded: a packet has at most two times the limit and some bytes.
 */
public final class QuorumPacketDecoder {
    private static final int DATA_LENGTH_AT = 12;
    private static final int DATA_AT = 16;

    private final int maxLength;
    private int needed = QuorumPacket.MIN_SIZE;

    /**
     * @param maxLength the greatest length of the data, of one string, and of all authinfo together, bytes
     *     ({@link JuteReader#lengthLimit})
     */
    public QuorumPacketDecoder(int maxLength) {
        if (maxLength < 0) {
            throw new IllegalArgumentException("maxLength " + maxLength + " bytes is negative");
        }
        this.maxLength = maxLength;
    }

    /** Bytes that must stand between position and limit before {@link #decode} can get further. */
    public int needed() {
        return needed;
    }

    /**
     * The next packet, or null if it is not complete yet.
     *
     * @throws MalformedDataException if a length breaks the limit; the stream is lost and must be closed
     */
    public @Nullable QuorumPacket decode(ByteBuffer in) {
        if (in.remaining() < needed) {
            return null;
        }
        in.order(ByteOrder.BIG_ENDIAN);
        int start = in.position();
        long size = sizeOf(in, start);
        if (size > in.remaining()) {
            // Never above two limits; a limit near the greatest int cannot be buffered by anybody anyway.
            needed = (int) Math.min(Integer.MAX_VALUE, size);
            return null;
        }
        needed = QuorumPacket.MIN_SIZE;
        JuteReader reader = new JuteReader(in, maxLength);
        int type = reader.readInt();
        long zxid = reader.readLong();
        byte[] data = reader.readBuffer();
        List<Id> authinfo = reader.readVector(Id::read);
        return new QuorumPacket(type, zxid, data, authinfo);
    }

    /** Bytes of the packet at {@code start} as far as its lengths can be seen: the full size, or more than is there. */
    private long sizeOf(ByteBuffer in, int start) {
        int dataLength = length(in, start + DATA_LENGTH_AT);
        long countAt = (long) DATA_AT + dataLength;
        if (in.remaining() < countAt + 4) {
            return countAt + 4;
        }
        int count = in.getInt(start + (int) countAt);
        long end = countAt + 4;
        for (int i = 0; i < count; i++) {
            for (int part = 0; part < 2; part++) {
                if (in.remaining() < end + 4) {
                    return end + 4;
                }
                end += 4L + length(in, start + (int) end);
                if (end - countAt - 4 > maxLength) {
                    throw MalformedDataException.badLength(
                            start + countAt, (int) Math.min(Integer.MAX_VALUE, end - countAt - 4), maxLength);
                }
            }
        }
        return end;
    }

    private int length(ByteBuffer in, int offset) {
        int length = in.getInt(offset);
        if (length == -1) {
            return 0;
        }
        if (length < 0 || length > maxLength) {
            throw MalformedDataException.badLength(offset, length, maxLength);
        }
        return length;
    }
}
