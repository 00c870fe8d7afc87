/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.storage;

import io.vivarium.persistence.snapshot.SnapshotSource;
import java.io.IOException;

/** Keeps the snapshot thread away from a tree, or from files, that somebody is replacing. Thread: {@code snapshot}. */
public interface SnapshotGuard {
    /** Nobody ever replaces them. */
    SnapshotGuard NONE = new SnapshotGuard() {
        @Override
        public boolean run(Work work) throws IOException {
            work.run();
            return true;
        }

        @Override
        public SnapshotSource watched(SnapshotSource source) {
            return source;
        }
    };

    /** Work of the snapshot thread. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /**
     * Does work on files beside the history, unless the tree is being replaced.
     *
     * @return false if it was left out or cut off; then another time will do
     */
    boolean run(Work work) throws IOException;

    /** A view of the tree that ends with an exception once the tree is replaced; for the work in {@link #run}. */
    SnapshotSource watched(SnapshotSource source);
}
