/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

/** Hears how far the loading of a snapshot is. Thread: the loader's. */
@FunctionalInterface
public interface LoadProgress {
    LoadProgress SILENT = (bytes, nodes) -> {};

    /** Called every few megabytes: bytes (unpacked) and nodes read so far. */
    void read(long bytes, long nodes);
}
