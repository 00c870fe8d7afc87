/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

/**
 * Settings of the journal (spec persistence 2.3, 2.7).
 *
 * @param preAllocBytes {@code zookeeper.preAllocSize} (there in KB): step in which files grow; 0 or less: no padding
 * @param zeroAheadBytes how much of the padding is written as real zeros before records need it. Group commits of 10 KB on
 *     ext4 over a virtual disk, median and 99%: without 157 and 262 us, 256 KB ahead 90 and 420 us, 1 MB 90 and 1050 us
 * @param durability {@code zookeeper.forceSync}
 * @param maxRecordBytes greatest payload; a larger one could not be read back
 * @param bufferBytes size of the one write buffer
 */
public record JournalConfig(
        long preAllocBytes, int zeroAheadBytes, Durability durability, int maxRecordBytes, int bufferBytes) {
    /** What {@link TxnJournal#sync} does. */
    public enum Durability {
        /** fsync. */
        SYNC,
        /** Hand the bytes to the operating system and trust it; {@code forceSync=no}. */
        WRITE_ONLY
    }

    public static final int DEFAULT_MAX_RECORD_BYTES = 2 * 0xfffff;

    public static final JournalConfig DEFAULT =
            new JournalConfig(64L << 20, 256 << 10, Durability.SYNC, DEFAULT_MAX_RECORD_BYTES, 512 << 10);

    public JournalConfig {
        if (zeroAheadBytes < 0) {
            throw new IllegalArgumentException("zeroAheadBytes " + zeroAheadBytes + " is negative");
        }
        if (bufferBytes < 4096) {
            throw new IllegalArgumentException("bufferBytes " + bufferBytes + " is below 4096");
        }
        if (maxRecordBytes < SegmentFormat.MIN_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(
                    "maxRecordBytes " + maxRecordBytes + " is below " + SegmentFormat.MIN_PAYLOAD_BYTES);
        }
    }

    public JournalConfig withPreAllocBytes(long bytes) {
        return new JournalConfig(bytes, zeroAheadBytes, durability, maxRecordBytes, bufferBytes);
    }

    public JournalConfig withDurability(Durability other) {
        return new JournalConfig(preAllocBytes, zeroAheadBytes, other, maxRecordBytes, bufferBytes);
    }

    public JournalConfig withMaxRecordBytes(int bytes) {
        return new JournalConfig(preAllocBytes, zeroAheadBytes, durability, bytes, bufferBytes);
    }
}
