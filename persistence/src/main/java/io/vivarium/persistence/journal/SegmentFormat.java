/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import java.nio.ByteBuffer;

/** Constants of the log file (spec persistence 2.1, 2.2). */
final class SegmentFormat {
    /** {@code ZKLG}. */
    static final int MAGIC = 0x5A4B4C47;

    static final int VERSION = 2;
    static final long DBID = 0;
    static final int HEADER_BYTES = 16;

    /** long checksum, int length in front of a payload. */
    static final int FRAME_BYTES = 12;

    static final byte END_OF_RECORD = 0x42;

    /** What a record takes beside its payload. */
    static final int OVERHEAD_BYTES = FRAME_BYTES + 1;

    /** Where the zxid stands in a payload: behind the session and the cxid (spec persistence 3.1). */
    static final int ZXID_OFFSET = 12;

    /** A payload starts with a whole transaction header. */
    static final int MIN_PAYLOAD_BYTES = 32;

    private SegmentFormat() {}

    static void putHeader(ByteBuffer out) {
        out.putInt(MAGIC).putInt(VERSION).putLong(DBID);
    }
}
