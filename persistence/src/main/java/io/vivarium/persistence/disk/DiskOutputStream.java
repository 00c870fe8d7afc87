/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * A file written from its start as a stream, through one direct buffer.
 *
 * <p>It syncs every {@link #SYNC_STEP_BYTES}: a large file that is synced only once at its end floods the device with
 * dirty pages, and each sync of the journal waits behind them. It does so behind a step, too, so the steps are short; much
 * shorter ones would keep a disk busy that takes long for each (docs/performance.md). {@link #sync} makes all of it durable;
 * closing does not.
 */
public final class DiskOutputStream extends OutputStream {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final long SYNC_STEP_BYTES = 1L << 20;

    private final DiskFile file;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private long written;
    private long synced;

    public DiskOutputStream(DiskFile file) {
        this.file = file;
    }

    /** Bytes taken so far. */
    public long size() {
        return written + buffer.position();
    }

    @Override
    public void write(int value) throws IOException {
        if (!buffer.hasRemaining()) {
            drain();
        }
        buffer.put((byte) value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (!buffer.hasRemaining()) {
                drain();
            }
            int piece = Math.min(end - at, buffer.remaining());
            buffer.put(bytes, at, piece);
            at += piece;
        }
    }

    /** Everything written so far is durable when this returns. */
    public void sync() throws IOException {
        drain();
        file.sync();
        synced = written;
    }

    private void drain() throws IOException {
        buffer.flip();
        int length = buffer.remaining();
        file.write(buffer, written);
        written += length;
        buffer.clear();
        if (written - synced >= SYNC_STEP_BYTES) {
            file.sync();
            synced = written;
        }
    }

    @Override
    public void close() throws IOException {
        drain();
        file.close();
    }
}
