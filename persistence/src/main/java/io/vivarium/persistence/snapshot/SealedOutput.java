/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

import io.vivarium.protocol.jute.JuteWriter;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Adler32;

/** A stream that sums up everything that passes and can write that sum as a seal (spec persistence 4.1). */
final class SealedOutput extends FilterOutputStream {
    private final Adler32 checksum = new Adler32();
    private final JuteWriter scratch = new JuteWriter(64);

    SealedOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int value) throws IOException {
        checksum.update(value);
        out.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        checksum.update(bytes, offset, length);
        out.write(bytes, offset, length);
    }

    void writeHeader() throws IOException {
        scratch.clear().writeInt(SnapshotFormat.MAGIC);
        scratch.writeInt(SnapshotFormat.VERSION);
        scratch.writeLong(SnapshotFormat.DBID);
        passOn();
    }

    void writeDigest(long zxid, int version, long digest) throws IOException {
        scratch.clear().writeLong(zxid);
        scratch.writeInt(version);
        scratch.writeLong(digest);
        passOn();
    }

    void writeLastZxid(long zxid) throws IOException {
        scratch.clear().writeLong(zxid);
        passOn();
    }

    /** The sum is taken before the seal is written; later seals include this one. */
    void writeSeal() throws IOException {
        scratch.clear().writeLong(checksum.getValue());
        scratch.writeString(SnapshotFormat.TERMINATOR);
        passOn();
    }

    private void passOn() throws IOException {
        write(scratch.array(), 0, scratch.size());
    }
}
