/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

/** Is shown each pair of path and watcher once, in no particular order. Must not call back into the table. */
@FunctionalInterface
public interface WatchVisitor {
    void onWatch(String path, Watcher watcher);
}
