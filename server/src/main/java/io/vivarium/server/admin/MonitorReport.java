/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.server.client.ClientStats;

/**
 * {@code mntr}: a key and a value in each line, for programs (spec operations 3.4).
 *
 * <p>The keys of the oldest releases come first and in their order, because some readers count lines; then what later ones
 * added, as far as this server has something to measure.
 */
final class MonitorReport {
    private final StringBuilder text = new StringBuilder(1024);

    /** The counts that come from the tree, the watches and the sessions. */
    record Contents(
            int nodes,
            int ephemerals,
            int watches,
            long dataBytes,
            int sessions,
            int localSessions,
            long expiredSessions,
            long digestMismatches) {}

    static String mntr(AdminView view, Contents contents) {
        ClientStats.Totals traffic = view.clients().stats().totals();
        MonitorReport report = new MonitorReport();
        report.line("version", view.version());
        report.line("server_state", view.mode().get().word());
        report.line("avg_latency", ServerReport.decimal(traffic.latencyMeanMillis()));
        report.line("max_latency", traffic.latencyMaxMillis());
        report.line("min_latency", traffic.latencyMinMillis());
        report.line("packets_received", traffic.received());
        report.line("packets_sent", traffic.sent());
        report.line("num_alive_connections", view.clients().connectionCount());
        report.line("outstanding_requests", view.admission().inFlight());
        report.line("znode_count", contents.nodes());
        report.line("watch_count", contents.watches());
        report.line("ephemerals_count", contents.ephemerals());
        report.line("approximate_data_size", contents.dataBytes());
        report.line("open_file_descriptor_count", view.host().openFiles().getAsLong());
        report.line("max_file_descriptor_count", view.host().maxFiles().getAsLong());
        report.line("uptime", millisSince(view));
        report.line("global_sessions", contents.sessions() - contents.localSessions());
        report.line("local_sessions", contents.localSessions());
        report.line("last_client_response_size", traffic.lastReplyBytes());
        report.line("max_client_response_size", traffic.maxReplyBytes());
        report.line("min_client_response_size", traffic.minReplyBytes());
        report.line("auth_failed_count", traffic.authFailed());
        report.line("connection_rejected", view.clients().rejectedCount());
        report.line("stale_sessions_expired", contents.expiredSessions());
        report.line("digest_mismatches_count", contents.digestMismatches());
        return report.text.toString();
    }

    private static long millisSince(AdminView view) {
        return (view.nanoClock().getAsLong() - view.startedNanos().getAsLong()) / 1_000_000;
    }

    private void line(String key, long value) {
        line(key, Long.toString(value));
    }

    private void line(String key, String value) {
        text.append("zk_").append(key).append('\t').append(value).append('\n');
    }
}
