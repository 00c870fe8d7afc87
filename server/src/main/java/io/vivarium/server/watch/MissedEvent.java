/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import io.vivarium.protocol.client.WatchEvent;

/**
 * What setWatches does with each path a client brings after a reconnect: tell it what it missed, or register the watch
 * (spec client-protocol 8.5).
 *
 * <p>Each method answers an event type of {@link WatchEvent} to send at once, or {@link #NONE}: register a standard watch.
 * Persistent watches are always registered and miss nothing. Pure. Thread: any.
 */
public final class MissedEvent {
    /** Nothing was missed. */
    public static final int NONE = 0;

    private MissedEvent() {}

    /** For the list of data watches, on a node that exists. */
    public static int ofData(long mzxid, long relativeZxid) {
        return mzxid > relativeZxid ? WatchEvent.NODE_DATA_CHANGED : NONE;
    }

    /** For the list of child watches, on a node that exists. */
    public static int ofChildren(long pzxid, long relativeZxid) {
        return pzxid > relativeZxid ? WatchEvent.NODE_CHILDREN_CHANGED : NONE;
    }

    /** For the lists of data and child watches, on a node that is missing. */
    public static int ofMissingNode() {
        return WatchEvent.NODE_DELETED;
    }

    /** For the list of exists watches, on a node that exists; on a missing one they are registered. */
    public static int ofExistingNode() {
        return WatchEvent.NODE_CREATED;
    }
}
