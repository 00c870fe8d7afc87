/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

/**
 * Is shown each pair of path and watcher once, in no particular order, under a lock of the table: must be quick and must not
 * call back into it.
 */
@FunctionalInterface
public interface WatchVisitor {
    void onWatch(String path, Watcher watcher);
}
