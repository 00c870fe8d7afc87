/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A history on its way to the queue of one link. Thread: the one that sends it; it blocks while the window is full.
 *
 * <p>An image is collected in pieces that go to the socket as they are.
 */
final class LinkOutlet implements HistoryOutlet {
    static final int PIECE_BYTES = 64 * 1024;

    /** What an outlet needs of its link. */
    interface Way {
        /** Something is queued that may leave. */
        void wakeUp();

        void fail(String reason);
    }

    private final SendQueue queue;
    private final ByteBufAllocator allocator;
    private final Way way;
    private @Nullable ByteBuf piece;

    LinkOutlet(SendQueue queue, ByteBufAllocator allocator, Way way) {
        this.queue = queue;
        this.allocator = allocator;
        this.way = way;
    }

    @Override
    public void send(QuorumPacket packet) throws IOException {
        passPiece();
        queue.awaitWindow();
        queue.offerHistory(packet, SendQueue.sizeOf(packet));
        way.wakeUp();
    }

    @Override
    public OutputStream image() throws IOException {
        queue.checkOpen();
        return new ImageStream();
    }

    @Override
    public void end() throws IOException {
        passPiece();
        queue.endHistory();
        way.wakeUp();
    }

    @Override
    public void fail(String reason) {
        dropPiece();
        way.fail(reason);
    }

    private void passPiece() throws IOException {
        ByteBuf full = piece;
        if (full == null) {
            return;
        }
        try {
            queue.awaitWindow();
        } catch (IOException e) {
            dropPiece();
            throw e;
        }
        piece = null;
        queue.offerHistory(full, full.readableBytes());
        way.wakeUp();
    }

    private void dropPiece() {
        if (piece != null) {
            piece.release();
            piece = null;
        }
    }

    private final class ImageStream extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            room().writeByte(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int done = 0;
            while (done < length) {
                ByteBuf room = room();
                int part = Math.min(length - done, room.writableBytes());
                room.writeBytes(bytes, offset + done, part);
                done += part;
            }
        }

        @Override
        public void flush() throws IOException {
            passPiece();
        }

        private ByteBuf room() throws IOException {
            ByteBuf current = piece;
            if (current != null && !current.isWritable()) {
                passPiece();
                current = null;
            }
            if (current == null) {
                // A link that is gone must not let its image be walked to the end.
                queue.checkOpen();
                current = allocator.directBuffer(PIECE_BYTES, PIECE_BYTES);
                piece = current;
            }
            return current;
        }
    }
}
