/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.server.client.ConnectionView;
import io.vivarium.server.session.ExpiryBucket;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code dump}: when sessions expire, which ephemerals they own, when connections would be closed (spec operations 3.3).
 *
 * @param nowNanos the monotonic time that {@code nowMillis} is the wall clock's name for
 */
record SessionReport(
        SessionFacts sessions,
        Form form,
        Map<Long, List<String>> ephemerals,
        List<ConnectionView> connections,
        long nowNanos,
        long nowMillis,
        ZoneId zone,
        int sessionlessMillis) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss zzz yyyy", Locale.US);

    /**
     * How sessions are shown.
     *
     * @param title of the sets of sessions that the ensemble knows; null where they are a list with timeouts
     * @param showsLocal whether those of this server alone stand in front
     */
    record Form(@Nullable String title, boolean showsLocal) {
        static Form of(boolean learner, boolean localSessions) {
            return new Form(learner ? null : localSessions ? "Global Session Sets" : "Session Sets", localSessions);
        }
    }

    String dump() {
        StringBuilder text = new StringBuilder();
        appendSessions(text);
        appendEphemerals(text);
        appendConnections(text);
        return text.toString();
    }

    private void appendSessions(StringBuilder text) {
        text.append("SessionTracker dump:\n");
        if (form.showsLocal) {
            appendSets(text, "Local Session Sets", sessions.local());
        }
        if (form.title != null) {
            appendSets(text, form.title, sessions.global());
            return;
        }
        text.append("Global Sessions(").append(sessions.timeouts().size()).append("):\n");
        sessions.timeouts().forEach((id, timeoutMillis) -> text.append("0x")
                .append(Long.toHexString(id))
                .append('\t')
                .append(timeoutMillis)
                .append("ms\n"));
    }

    private void appendSets(StringBuilder text, String title, List<ExpiryBucket> buckets) {
        int count =
                buckets.stream().mapToInt(bucket -> bucket.sessionIds().size()).sum();
        text.append(title)
                .append(" (")
                .append(buckets.size())
                .append(")/(")
                .append(count)
                .append("):\n");
        for (ExpiryBucket bucket : buckets) {
            appendBucket(text, bucket.sessionIds().size(), bucket.expiryMillis());
            for (long id : bucket.sessionIds()) {
                text.append("\t0x").append(Long.toHexString(id)).append('\n');
            }
        }
    }

    private void appendEphemerals(StringBuilder text) {
        text.append("ephemeral nodes dump:\nSessions with Ephemerals (")
                .append(ephemerals.size())
                .append("):\n");
        new TreeMap<>(ephemerals).forEach((id, paths) -> {
            text.append("0x").append(Long.toHexString(id)).append(":\n");
            for (String path : paths) {
                text.append('\t').append(path).append('\n');
            }
        });
    }

    /** Connections by the end of the interval in which their client must be heard again. */
    private void appendConnections(StringBuilder text) {
        TreeMap<Long, List<ConnectionView>> byExpiry = new TreeMap<>();
        for (ConnectionView connection : connections) {
            int timeout = connection.session() == null ? sessionlessMillis : connection.timeoutMillis();
            long end = connection.lastHeardNanos() / 1_000_000 + timeout;
            long expiry = (Math.floorDiv(end, (long) sessionlessMillis) + 1) * sessionlessMillis;
            byExpiry.computeIfAbsent(expiry, key -> new ArrayList<>()).add(connection);
        }
        text.append("Connections dump:\nConnections Sets (")
                .append(byExpiry.size())
                .append(")/(")
                .append(connections.size())
                .append("):\n");
        byExpiry.forEach((expiry, members) -> {
            appendBucket(text, members.size(), expiry);
            for (ConnectionView member : members) {
                long id = member.session() == null ? 0 : member.session().id();
                text.append("\tip: ")
                        .append(member.peer())
                        .append(" sessionId: 0x")
                        .append(Long.toHexString(id))
                        .append('\n');
            }
        });
    }

    private void appendBucket(StringBuilder text, int size, long expiryMillis) {
        Instant wall = Instant.ofEpochMilli(nowMillis + expiryMillis - nowNanos / 1_000_000);
        text.append(size)
                .append(" expire at ")
                .append(TIME.format(wall.atZone(zone)))
                .append(":\n");
    }
}
