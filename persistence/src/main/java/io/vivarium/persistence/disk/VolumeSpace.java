/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.disk;

/**
 * How full a volume is.
 *
 * @param usableBytes what may still be written, as far as the file system tells
 * @param totalBytes its size
 */
public record VolumeSpace(long usableBytes, long totalBytes) {
    /** A disk that cannot tell: it is found out by writing. */
    public static final VolumeSpace UNKNOWN = new VolumeSpace(Long.MAX_VALUE, Long.MAX_VALUE);

    /** For people. */
    @Override
    public String toString() {
        return equals(UNKNOWN) ? "free space unknown" : usableBytes + " of " + totalBytes + " bytes free";
    }
}
