/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.xerial.snappy.SnappyInputStream;
import org.xerial.snappy.SnappyOutputStream;

/** How snapshot files are packed: by name when reading, by setting when writing (spec persistence 4.6). */
public enum SnapshotCompression {
    NONE(""),
    GZ(".gz"),
    SNAPPY(".snappy");

    private static final int STREAM_BUFFER_BYTES = 64 << 10;

    private final String suffix;

    SnapshotCompression(String suffix) {
        this.suffix = suffix;
    }

    /** What the file name ends in, with its dot. */
    public String suffix() {
        return suffix;
    }

    /** The value of {@code zookeeper.snapshot.compression.method}, or the last part of a file name; unknown is none. */
    public static SnapshotCompression of(String method) {
        switch (method.toLowerCase(Locale.ROOT)) {
            case "gz":
                return GZ;
            case "snappy":
                return SNAPPY;
            default:
                return NONE;
        }
    }

    InputStream unpack(InputStream in) throws IOException {
        switch (this) {
            case GZ:
                return new GZIPInputStream(in, STREAM_BUFFER_BYTES);
            case SNAPPY:
                return new SnappyInputStream(in);
            default:
                return in;
        }
    }

    OutputStream pack(OutputStream out) throws IOException {
        switch (this) {
            case GZ:
                return new GZIPOutputStream(out, STREAM_BUFFER_BYTES);
            case SNAPPY:
                return new SnappyOutputStream(out);
            default:
                return out;
        }
    }
}
