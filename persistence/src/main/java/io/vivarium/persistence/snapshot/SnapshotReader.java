/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.disk.DiskInputStream;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.txn.TxnDigest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Reads one snapshot file into a sink (spec persistence 4.7, step 2).
 *
 * <p>Thread: the loader's. The parts behind the first seal have no marker; which are there is told by how many bytes are
 * left (trap T1): 0 none, 21 last zxid, 33 digest, 54 both. A file that ends within such a part has none; one that ends
 * within a seal is damaged. The caller clears the sink before, and after a failure.
 */
public final class SnapshotReader {
    private static final long PROGRESS_STEP_BYTES = 8L << 20;
    private static final int LONE_LAST_ZXID = SnapshotFormat.LAST_ZXID_BYTES + SnapshotFormat.SEAL_BYTES;
    private static final int DIGEST_SECTION = SnapshotFormat.DIGEST_BYTES + SnapshotFormat.SEAL_BYTES;

    private final Disk disk;
    private final int maxLength;
    private final LoadProgress progress;

    /** @param maxLength the greatest length in bytes of one string or buffer */
    public SnapshotReader(Disk disk, int maxLength, LoadProgress progress) {
        this.disk = disk;
        this.maxLength = maxLength;
        this.progress = progress;
    }

    /**
     * What was read.
     *
     * @param bytes length of the unpacked stream
     * @param digestZxid -1 without digest
     * @param lastZxid -1 if the file does not say; never decides what is restored (trap T11)
     */
    public record Contents(long bytes, long nodes, long digestZxid, long digest, long lastZxid) {}

    /**
     * Reads a file to its end and gives its contents to the sink, {@link SnapshotSink#loaded} included.
     *
     * @throws IOException if the file is damaged or cannot be read; names the file
     */
    public Contents read(SnapshotFile file, SnapshotSink sink) throws IOException {
        try (InputStream raw = new DiskInputStream(disk.openReadOnly(file.path()))) {
            Contents contents = read(file.compression().unpack(raw), sink, file.zxid());
            sink.loaded(file.zxid());
            return contents;
        } catch (MalformedDataException e) {
            throw new IOException(file.path() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException(file.path() + ": " + e, e);
        }
    }

    /** Reads an unpacked stream, parts 1 to 9, without {@link SnapshotSink#loaded} at its end. */
    public Contents read(InputStream unpacked, SnapshotSink sink, long zxid) throws IOException {
        SealedInput in = new SealedInput(unpacked);
        readHeader(in);
        long nodes = readBody(in, sink);
        in.checkSeal("the first seal");
        return readTail(in, sink, zxid, nodes);
    }

    private static void readHeader(SealedInput in) throws IOException {
        if (in.require(SnapshotFormat.HEADER_BYTES) < SnapshotFormat.HEADER_BYTES) {
            throw new EOFException("file ends within its header");
        }
        ByteBuffer buffer = in.buffer();
        int magic = buffer.getInt();
        if (magic != SnapshotFormat.MAGIC) {
            throw MalformedDataException.badValue(
                    0, "mismatching magic headers " + magic + " !=  " + SnapshotFormat.MAGIC);
        }
        // Version and dbid tell nothing (spec persistence 7).
        buffer.position(buffer.position() + SnapshotFormat.HEADER_BYTES - 4);
    }

    private long readBody(SealedInput in, SnapshotSink sink) throws IOException {
        SnapshotBodyReader body = new SnapshotBodyReader(sink, maxLength);
        long nextReport = PROGRESS_STEP_BYTES;
        while (!body.read(in.buffer())) {
            if (in.position() >= nextReport) {
                progress.read(in.position(), body.nodes());
                nextReport = in.position() + PROGRESS_STEP_BYTES;
            }
            if (!in.fill()) {
                throw new EOFException("file ends within " + body.stage() + " at offset " + in.position());
            }
        }
        progress.read(in.position(), body.nodes());
        return body.nodes();
    }

    private static Contents readTail(SealedInput in, SnapshotSink sink, long zxid, long nodes) throws IOException {
        int left = in.require(DIGEST_SECTION + LONE_LAST_ZXID);
        ByteBuffer buffer = in.buffer();
        if (left == LONE_LAST_ZXID) {
            long lastZxid = buffer.getLong();
            in.checkSeal("the seal behind the last zxid");
            return new Contents(in.position(), nodes, -1, 0, lastZxid);
        }
        if (left < SnapshotFormat.DIGEST_BYTES) {
            return new Contents(in.position(), nodes, -1, 0, -1);
        }
        long digestZxid = buffer.getLong();
        int version = buffer.getInt();
        long digest = buffer.getLong();
        in.checkSeal("the seal behind the digest");
        long lastZxid = -1;
        if (buffer.remaining() >= SnapshotFormat.LAST_ZXID_BYTES) {
            lastZxid = buffer.getLong();
            in.checkSeal("the seal behind the last zxid");
        }
        // Zero means that nothing was applied before the snapshot, less than the name that a new epoch began (4.7, 5).
        if (version == TxnDigest.VERSION && digestZxid > 0 && digestZxid >= zxid) {
            sink.digest(digestZxid, digest);
        }
        return new Contents(in.position(), nodes, digestZxid, digest, lastZxid);
    }
}
