/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

/** Constants of the snapshot file (spec persistence 4.1). */
final class SnapshotFormat {
    /** {@code ZKSN}. */
    static final int MAGIC = 0x5A4B534E;

    static final int VERSION = 2;
    static final long DBID = -1;
    static final int HEADER_BYTES = 16;

    /** What ends the nodes, and stands behind each checksum. */
    static final String TERMINATOR = "/";

    /** long checksum, ustring terminator. */
    static final int SEAL_BYTES = 8 + 4 + 1;

    /** Part 6: long zxid, int digest version, long digest. */
    static final int DIGEST_BYTES = 8 + 4 + 8;

    /** Part 8: long last processed zxid. */
    static final int LAST_ZXID_BYTES = 8;

    private SnapshotFormat() {}
}
