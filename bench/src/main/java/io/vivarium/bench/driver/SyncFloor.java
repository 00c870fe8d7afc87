/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.driver;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The least that must be done for a write that is to outlive the server: its bytes go to a file, one sync for all that wait,
 * and only then may it be answered.
 *
 * <p>The file is as long from the beginning as it ever gets, so a sync writes bytes and nothing about the file. Thread: {@link
 * #add} belongs to event loops; one thread of its own writes, syncs and hands back.
 */
final class SyncFloor implements AutoCloseable {
    private static final int BATCH_BYTES = 1 << 20;
    private static final int FILE_BYTES = 64 << 20;

    /** Whoever waits for a sync. */
    interface Writer {
        EventLoop eventLoop();

        /** The write is on disk. Thread: {@link #eventLoop}. */
        void synced(int xid);

        /** All its writes of one sync have been told. Thread: {@link #eventLoop}. */
        void flush();
    }

    private record Write(Writer writer, int xid) {}

    /** What one sync is for. */
    private static final class Batch {
        private final ByteBuffer bytes = ByteBuffer.allocateDirect(BATCH_BYTES);
        private final List<Write> writes = new ArrayList<>();
    }

    private final FileChannel file;
    private final Thread thread = new Thread(this::run, "echo-sync");

    /** Guarded by this. */
    private Batch filling = new Batch();
    /** Guarded by this. */
    private boolean closed;

    private SyncFloor(FileChannel file) {
        this.file = file;
    }

    static SyncFloor in(Path folder) throws IOException {
        FileChannel file =
                FileChannel.open(folder.resolve("echo.log"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        ByteBuffer zeros = ByteBuffer.allocateDirect(BATCH_BYTES);
        for (long at = 0; at < FILE_BYTES; at += BATCH_BYTES) {
            file.write(zeros.clear(), at);
        }
        file.force(true);
        SyncFloor floor = new SyncFloor(file);
        floor.thread.setDaemon(true);
        floor.thread.start();
        return floor;
    }

    /** A write of so many bytes from an index on. What is too much between two syncs is left out: nobody reads the file. */
    synchronized void add(Writer writer, int xid, ByteBuf bytes, int index, int length) {
        ByteBuffer target = filling.bytes;
        if (target.remaining() >= length) {
            bytes.getBytes(index, target.limit(target.position() + length));
            target.limit(target.capacity());
        }
        filling.writes.add(new Write(writer, xid));
        if (filling.writes.size() == 1) {
            notifyAll();
        }
    }

    private void run() {
        Batch empty = new Batch();
        long at = 0;
        try {
            for (Batch batch = next(empty); batch != null; batch = next(empty)) {
                batch.bytes.flip();
                if (at + batch.bytes.remaining() > FILE_BYTES) {
                    at = 0;
                }
                while (batch.bytes.hasRemaining()) {
                    at += file.write(batch.bytes, at);
                }
                file.force(false);
                handBack(batch.writes);
                batch.bytes.clear();
                batch.writes.clear();
                empty = batch;
            }
        } catch (IOException e) {
            throw new IllegalStateException("the file of the echo server fails", e);
        }
    }

    /** Waits for writes and takes them, leaving another batch to be filled; null at the end. */
    private synchronized @Nullable Batch next(Batch empty) {
        try {
            while (filling.writes.isEmpty() && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            return null;
        }
        Batch taken = filling;
        filling = empty;
        return closed ? null : taken;
    }

    /** One task for each event loop. */
    private static void handBack(List<Write> writes) {
        Map<EventLoop, List<Write>> byLoop = writes.stream()
                .collect(Collectors.groupingBy(write -> write.writer().eventLoop()));
        byLoop.forEach((loop, synced) -> loop.execute(() -> {
            for (Write write : synced) {
                write.writer().synced(write.xid());
            }
            for (Write write : synced) {
                write.writer().flush();
            }
        }));
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        file.close();
    }
}
