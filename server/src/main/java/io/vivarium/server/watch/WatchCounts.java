/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

/**
 * How much a table holds.
 *
 * @param watchers watchers with at least one watch
 * @param paths paths with at least one watch
 * @param dataWatches pairs of path and watcher in the data table (spec client-protocol 8.1)
 * @param childWatches pairs of path and watcher in the child table
 */
public record WatchCounts(int watchers, int paths, int dataWatches, int childWatches) {
    /** Entries of both tables; a persistent watch counts in each. */
    public int total() {
        return dataWatches + childWatches;
    }
}
