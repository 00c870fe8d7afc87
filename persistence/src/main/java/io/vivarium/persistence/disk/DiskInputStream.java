/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A file read from its start as a stream; closing it closes the file. Unbuffered: read large pieces. */
public final class DiskInputStream extends InputStream {
    private final DiskFile file;
    private long position;

    public DiskInputStream(DiskFile file) {
        this.file = file;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int count = file.read(ByteBuffer.wrap(into, offset, length), position);
        if (count > 0) {
            position += count;
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
