/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vivarium.protocol.jute.MalformedDataException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of one connection into frames: {@code int length} and that many bytes (spec client-protocol 1.1).
 *
 * <p>Thread: the connection's event loop. Whole frames are handed out as views of the bytes as received; only a frame
 * that arrives in pieces is collected, in a buffer that grows with what has really come. A length outside 0..limit is
 * refused as soon as its four bytes are there. The first frame, a connect request, has a limit of its own.
 */
final class FrameDecoder {
    private static final int FIRST_PIECE_BYTES = 1024;
    private static final String FRAME_LIMIT = "jute.maxbuffer";

    /** What {@link #next} found. */
    enum State {
        /** Waiting for the rest of a length field. */
        LENGTH,
        /** Waiting for the rest of a frame. */
        BODY
    }

    private final int maxFrameBytes;
    private @Nullable ByteBuf partial;
    private @Nullable ByteBuf finished;
    private int pendingLength;
    private State state = State.LENGTH;

    FrameDecoder(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    /**
     * The next whole frame, or null if more bytes are needed; then everything in {@code in} has been consumed.
     *
     * @param in the bytes just received
     * @param view {@code in} as one buffer, sharing its indices; reused for every frame inside it
     * @return a view of the frame's body, valid until the next call
     * @throws MalformedDataException if the length is not within 0..limit
     */
    @Nullable
    ByteBuffer next(ByteBuf in, ByteBuffer view, ByteBufAllocator allocator) {
        if (partial != null) {
            return finishPartial(in);
        }
        int available = in.readableBytes();
        if (available >= 4) {
            int length = in.getInt(in.readerIndex());
            check(length, maxFrameBytes, FRAME_LIMIT);
            if (available - 4 >= length) {
                int start = in.readerIndex() + 4;
                in.readerIndex(start + length);
                view.limit(start + length).position(start);
                return view;
            }
        }
        if (available > 0) {
            partial = allocator.heapBuffer(Math.max(available, FIRST_PIECE_BYTES));
            partial.writeBytes(in);
            state = available >= 4 ? State.BODY : State.LENGTH;
            pendingLength = available >= 4 ? partial.getInt(0) : 0;
        }
        return null;
    }

    private @Nullable ByteBuffer finishPartial(ByteBuf in) {
        ByteBuf collected = partial;
        if (state == State.LENGTH) {
            collected.writeBytes(in, Math.min(4 - collected.readableBytes(), in.readableBytes()));
            if (collected.readableBytes() < 4) {
                return null;
            }
            pendingLength = collected.getInt(0);
            check(pendingLength, maxFrameBytes, FRAME_LIMIT);
            state = State.BODY;
        }
        int missing = pendingLength + 4 - collected.readableBytes();
        int take = Math.min(missing, in.readableBytes());
        collected.writeBytes(in, take);
        if (take < missing) {
            return null;
        }
        ByteBuffer frame = ByteBuffer.wrap(collected.array(), collected.arrayOffset() + 4, pendingLength)
                .slice();
        finished = collected;
        partial = null;
        state = State.LENGTH;
        return frame;
    }

    /**
     * Goes on behind the length field of the first frame, which somebody else has read.
     *
     * @param limit greatest length of this frame; others follow the limit of the decoder
     */
    void begin(int length, int limit, ByteBufAllocator allocator) {
        check(length, limit, "the limit of a connect request");
        partial = allocator.heapBuffer(Math.min(length + 4, FIRST_PIECE_BYTES));
        partial.writeInt(length);
        pendingLength = length;
        state = State.BODY;
    }

    /** Gives back the buffer behind the last frame; to be called once that frame has been dealt with. */
    void releaseFrame() {
        if (finished != null) {
            finished.release();
            finished = null;
        }
    }

    /** Gives back everything; the connection is over. */
    void release() {
        releaseFrame();
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }

    private static void check(int length, int limit, String limitName) {
        if (length < 0 || length > limit) {
            throw new MalformedDataException(
                    MalformedDataException.Kind.BAD_LENGTH,
                    0,
                    "Len error. A message with advertised length of " + length
                            + " is either a malformed message or too large to process (length is greater than "
                            + limitName + "=" + limit + ")");
        }
    }
}
