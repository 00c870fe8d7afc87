/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.server.session.ExpiryBucket;
import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.Session;
import io.vivarium.server.session.SessionTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The sessions of a server at one moment.
 *
 * @param local when those expire that only this server knows
 * @param global when all others expire; empty on a learner, where the leader counts them down
 * @param timeouts of all sessions that the ensemble knows, milliseconds by id
 */
record SessionFacts(List<ExpiryBucket> local, List<ExpiryBucket> global, SortedMap<Long, Integer> timeouts) {

    /** Thread: core. */
    static SessionFacts of(SessionTable sessions, ExpiryBuckets expiry) {
        SortedMap<Long, Integer> timeouts = new TreeMap<>();
        Set<Long> localIds = new HashSet<>();
        for (Session session : sessions.all()) {
            if (session.scope() == Session.Scope.LOCAL) {
                localIds.add(session.id());
            } else {
                timeouts.put(session.id(), session.timeoutMillis());
            }
        }
        List<ExpiryBucket> local = new ArrayList<>();
        List<ExpiryBucket> global = new ArrayList<>();
        for (ExpiryBucket bucket : expiry.dump()) {
            addPart(bucket, localIds::contains, local);
            addPart(bucket, id -> !localIds.contains(id), global);
        }
        return new SessionFacts(local, global, timeouts);
    }

    private static void addPart(ExpiryBucket bucket, Predicate<Long> wanted, List<ExpiryBucket> to) {
        List<Long> ids = bucket.sessionIds().stream().filter(wanted).toList();
        if (!ids.isEmpty() || bucket.sessionIds().isEmpty()) {
            to.add(new ExpiryBucket(bucket.expiryMillis(), ids));
        }
    }
}
