/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.server.session.LastHeard;
import java.util.Collection;
import java.util.Collections;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which connection of this server carries which session. Thread: {@code core}.
 *
 * <p>Also answers the expiry's question when a session was last heard, by looking at its connection: so signs of life
 * cost nothing until a session falls due.
 */
final class LocalLinks implements LastHeard {
    private static final float LOAD_FACTOR = 0.75f;

    private final Long2ObjectHashMap<ClientLink> bySession = new Long2ObjectHashMap<>(16, LOAD_FACTOR, false);

    void attach(long sessionId, ClientLink link) {
        bySession.put(sessionId, link);
    }

    /** As {@link #attach}; a former connection of the session ends. */
    void move(long sessionId, ClientLink link) {
        ClientLink former = bySession.put(sessionId, link);
        if (former != null && former != link) {
            former.hangUp();
        }
    }

    /** All connections with a session, in no order. */
    Collection<ClientLink> all() {
        return Collections.unmodifiableCollection(bySession.values());
    }

    @Nullable
    ClientLink find(long sessionId) {
        return bySession.get(sessionId);
    }

    @Nullable
    ClientLink detach(long sessionId) {
        return bySession.remove(sessionId);
    }

    void clear() {
        bySession.clear();
    }

    /** The connection has ended; its session may by now be with another. */
    void ended(ClientLink link) {
        if (bySession.get(link.sessionId()) == link) {
            bySession.remove(link.sessionId());
        }
    }

    @Override
    public long millisOf(long sessionId) {
        ClientLink link = bySession.get(sessionId);
        return link == null || !link.isOpen() ? Long.MIN_VALUE : link.lastHeardNanos() / 1_000_000;
    }
}
