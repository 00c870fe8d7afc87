/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

/**
 * Receives what a change fires, one call per event to send, in the order in which to send them.
 *
 * <p>Thread: core, inside the exclusive hold of the gate. Must not call back into the table. Here the caller applies the
 * read permission (spec client-protocol 8.6): {@link io.vivarium.protocol.client.WatchEvent#NODE_CHILDREN_CHANGED} is
 * judged by the parent's ACL, every other event by that of the node itself. The watch is spent either way.
 */
@FunctionalInterface
public interface WatchMatches {
    /** @param eventType one of the constants of {@link io.vivarium.protocol.client.WatchEvent} */
    void onMatch(Watcher watcher, int eventType, String path);
}
