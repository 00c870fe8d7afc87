/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import java.util.HashMap;
import java.util.Map;

/** The table of sessions, as far as the tree has to do with it. */
final class RecordedSessions implements SessionChanges, OpenSessions {
    private final Map<Long, Integer> timeouts = new HashMap<>();

    @Override
    public void cleared() {
        timeouts.clear();
    }

    @Override
    public void created(long id, int timeoutMillis) {
        timeouts.put(id, timeoutMillis);
    }

    @Override
    public void closed(long id) {
        timeouts.remove(id);
    }

    @Override
    public Map<Long, Integer> timeouts() {
        return Map.copyOf(timeouts);
    }
}
