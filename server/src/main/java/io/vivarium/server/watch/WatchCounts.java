/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

/**
 * What the data table holds (spec client-protocol 8.1), as the four-letter word {@code wchs} counts it: watches on children
 * alone do not count there.
 *
 * @param watchers watchers with at least one watch in the data table
 * @param paths paths with at least one watch in the data table
 * @param watches pairs of path and watcher in the data table
 */
public record WatchCounts(int watchers, int paths, int watches) {}
