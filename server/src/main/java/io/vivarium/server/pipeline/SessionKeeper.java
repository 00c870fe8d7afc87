/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.Session;
import io.vivarium.server.session.SessionTable;
import io.vivarium.server.tree.OpenSessions;
import io.vivarium.server.tree.SessionChanges;
import java.util.HashMap;
import java.util.Map;
import org.agrona.collections.Long2LongHashMap;

/**
 * Keeps the table of sessions in step with the transactions that are applied.
 *
 * <p>Thread: changed by {@code core} inside the exclusive hold (or by recovery before there are others); {@link #timeouts}
 * inside a shared hold. The table itself runs ahead: it knows sessions whose creation is still on its way to the disk.
 * What a snapshot may show is only what has been applied, and that is kept here.
 */
public final class SessionKeeper implements SessionChanges, OpenSessions {
    private static final float LOAD_FACTOR = 0.75f;
    /** No timeout. */
    private static final long ABSENT = Long.MIN_VALUE;

    private final SessionTable table;
    private final ExpiryBuckets expiry;
    private final Long2LongHashMap applied = new Long2LongHashMap(16, LOAD_FACTOR, ABSENT, false);

    public SessionKeeper(SessionTable table, ExpiryBuckets expiry) {
        this.table = table;
        this.expiry = expiry;
    }

    @Override
    public void cleared() {
        for (Session session : table.all()) {
            expiry.forget(session);
        }
        table.clear();
        applied.clear();
    }

    @Override
    public void created(long id, int timeoutMillis) {
        applied.put(id, timeoutMillis);
        table.open(id, timeoutMillis);
    }

    @Override
    public void closed(long id) {
        applied.remove(id);
        Session session = table.remove(id);
        if (session != null) {
            expiry.forget(session);
        }
    }

    @Override
    public Map<Long, Integer> timeouts() {
        Map<Long, Integer> timeouts = new HashMap<>();
        applied.forEachLong((id, timeoutMillis) -> timeouts.put(id, (int) timeoutMillis));
        return timeouts;
    }
}
