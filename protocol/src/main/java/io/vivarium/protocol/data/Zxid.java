/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.data;

/**
 * Arithmetic on transaction ids: epoch in the high 32 bits, counter in the low 32 bits of one {@code long}.
 *
 * <p>Hot paths carry the bare {@code long}; this class only takes it apart and prints it.
 */
public final class Zxid {
    /** The greatest counter; a leader gives up its epoch before it would use it (spec quorum 5.1). */
    public static final long LAST_COUNTER = 0xffff_ffffL;

    private Zxid() {}

    public static long of(long epoch, long counter) {
        return epoch << 32 | (counter & 0xffff_ffffL);
    }

    public static long epoch(long zxid) {
        return zxid >> 32;
    }

    public static long counter(long zxid) {
        return zxid & 0xffff_ffffL;
    }

    /** {@code 0x} and the hexadecimal digits of the whole long, as stock servers print it. */
    public static String toString(long zxid) {
        return "0x" + Long.toHexString(zxid);
    }
}
