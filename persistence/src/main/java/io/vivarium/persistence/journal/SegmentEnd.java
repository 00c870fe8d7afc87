/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

/** Why the reading of one log file stopped (spec persistence 2.4). */
public enum SegmentEnd {
    /** The file has no byte. */
    EMPTY,
    /** Fewer bytes than a header. */
    SHORT_HEADER,
    /** A whole header of zeros: the file was made longer, its first bytes never arrived. */
    BLANK_HEADER,
    /** The first four bytes are not {@code ZKLG}. */
    BAD_MAGIC,
    /** Padding, or the exact end of the file. */
    CLEAN,
    /** Bytes are left, but too few for the frame, or for the payload that the frame announces. */
    CUT_SHORT,
    /** The payload is there, the byte that ends it is not: a write that did not get through. */
    NO_END_BYTE,
    /** Frame and end byte are fine, the checksum is not. */
    BAD_CHECKSUM,
    /** A length that no writer writes. */
    BAD_LENGTH,
    /** A whole record too short for a transaction header. */
    NO_TXN_HEADER
}
