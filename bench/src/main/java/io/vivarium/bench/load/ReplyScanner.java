/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

import io.netty.buffer.ByteBuf;
import io.vivarium.protocol.jute.MalformedDataException;

/**
 * Finds replies in a stream and reads their first 16 bytes; the rest of each frame is skipped where it lies.
 *
 * <p>A load driver needs headers only. Nothing is collected but a header cut in two, so a reply of megabytes costs no
 * more than one of bytes. The connect reply, too, has its interesting fields in its first 16 bytes. Spec:
 * client-protocol 1.1, 2.1, 3. Thread: one.
 *
 * <pre>
 * LENGTH (4 bytes) -> HEAD (16 bytes) -> BODY (length - 16, skipped) -> LENGTH
 * </pre>
 */
public final class ReplyScanner {
    private static final int HEAD_BYTES = 16;

    /** Receives each reply when its last byte is there. */
    public interface Sink {
        /**
         * @param first the first eight bytes of the frame
         * @param second the next eight
         * @param length bytes of the frame
         */
        void onReply(long first, long second, int length);
    }

    private enum State {
        /** Waits for the length field. */
        LENGTH,
        /** Waits for the 16 bytes of the header. */
        HEAD,
        /** Skips the body. */
        BODY
    }

    private final Sink sink;
    private State state = State.LENGTH;
    private int length;
    private int missing = 4;
    private long first;
    private long second;
    private int bodyLeft;

    public ReplyScanner(Sink sink) {
        this.sink = sink;
    }

    /** Takes all readable bytes of {@code in}. */
    public void feed(ByteBuf in) {
        while (in.isReadable() || (state == State.BODY && bodyLeft == 0)) {
            switch (state) {
                case LENGTH:
                    readLength(in);
                    break;
                case HEAD:
                    readHead(in);
                    break;
                case BODY:
                    skipBody(in);
                    break;
            }
        }
    }

    private void readLength(ByteBuf in) {
        if (missing == 4 && in.readableBytes() >= 4) {
            length = in.readInt();
            missing = 0;
        } else {
            length = length << 8 | in.readUnsignedByte();
            missing--;
        }
        if (missing == 0) {
            if (length < HEAD_BYTES) {
                throw MalformedDataException.badValue(
                        in.readerIndex() - 4L, "reply of " + length + " bytes; the least is " + HEAD_BYTES);
            }
            missing = HEAD_BYTES;
            state = State.HEAD;
        }
    }

    private void readHead(ByteBuf in) {
        if (missing == HEAD_BYTES && in.readableBytes() >= HEAD_BYTES) {
            first = in.readLong();
            second = in.readLong();
            missing = 0;
        } else {
            // The sixteen bytes shift through the pair of words one by one.
            first = first << 8 | second >>> 56;
            second = second << 8 | in.readUnsignedByte();
            missing--;
        }
        if (missing == 0) {
            bodyLeft = length - HEAD_BYTES;
            state = State.BODY;
        }
    }

    private void skipBody(ByteBuf in) {
        int skipped = Math.min(bodyLeft, in.readableBytes());
        in.skipBytes(skipped);
        bodyLeft -= skipped;
        if (bodyLeft == 0) {
            state = State.LENGTH;
            missing = 4;
            sink.onReply(first, second, length);
        }
    }
}
