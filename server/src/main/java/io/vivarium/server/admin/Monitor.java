/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.server.client.ClientStats;
import io.vivarium.server.metrics.MetricSink;
import io.vivarium.server.metrics.MetricSource;
import io.vivarium.server.tree.QuotaUse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Everything this server measures, as one report: gauges taken now, then what its threads recorded, then what its role has
 * to tell (spec operations 5.2).
 *
 * <p>Thread: {@link #report} may be called on any and waits for nothing; the source it promises belongs on that of {@link
 * AdminView#reports}, because it enters the gate.
 */
final class Monitor {
    private final AdminView view;

    Monitor(AdminView view) {
        this.view = view;
    }

    /** What only the core may look at. */
    private record Sessions(int all, int local, long expired, long digestMismatches, List<QuotaUse> quotas) {}

    CompletableFuture<MetricSource> report() {
        MemberView member = view.member();
        return view.onCore(() -> new Sessions(
                        view.sessions().size(),
                        view.sessions().localSize(),
                        view.expiry().expiredCount(),
                        view.applier().digests().mismatches(),
                        view.applier().tree().quotas().uses()))
                .thenApply(sessions -> sink -> {
                    traffic(sink);
                    contents(sink);
                    process(sink);
                    sessions(sessions, sink);
                    view.metrics().report(sink);
                    if (member != null) {
                        member.report(view.nanoClock().getAsLong(), sink);
                    }
                });
    }

    /** The lines of the oldest releases come first and in their order, because some readers count lines. */
    private void traffic(MetricSink sink) {
        ClientStats.Totals traffic = view.clients().stats().totals();
        sink.gauge("avg_latency", traffic.latencyMeanMillis());
        sink.gauge("max_latency", traffic.latencyMaxMillis());
        sink.gauge("min_latency", traffic.latencyMinMillis());
        sink.gauge("packets_received", traffic.received());
        sink.gauge("packets_sent", traffic.sent());
        sink.gauge("num_alive_connections", view.clients().connectionCount());
        sink.gauge("outstanding_requests", view.admission().inFlight());
    }

    private void contents(MetricSink sink) {
        int nodes;
        int watches;
        int ephemerals;
        long dataBytes;
        long stamp = view.gate().enterShared();
        try {
            nodes = view.stockNodeCount();
            watches = view.watches().size();
            ephemerals = view.applier().tree().ephemerals().size();
            dataBytes = view.applier().tree().approximateDataSize();
        } finally {
            view.gate().leaveShared(stamp);
        }
        sink.gauge("znode_count", nodes);
        sink.gauge("watch_count", watches);
        sink.gauge("ephemerals_count", ephemerals);
        sink.gauge("approximate_data_size", dataBytes);
    }

    private void process(MetricSink sink) {
        sink.gauge("open_file_descriptor_count", view.host().openFiles().getAsLong());
        sink.gauge("max_file_descriptor_count", view.host().maxFiles().getAsLong());
        sink.counter("fsync_threshold_exceed_count", view.slowSyncs().getAsLong());
        sink.gauge("uptime", (view.nanoClock().getAsLong() - view.startedNanos().getAsLong()) / 1_000_000);
    }

    private void sessions(Sessions sessions, MetricSink sink) {
        ClientStats.Totals traffic = view.clients().stats().totals();
        sink.gauge("global_sessions", sessions.all() - sessions.local());
        sink.gauge("local_sessions", sessions.local());
        sink.gauge("last_client_response_size", traffic.lastReplyBytes());
        sink.gauge("max_client_response_size", traffic.maxReplyBytes());
        sink.gauge("min_client_response_size", traffic.minReplyBytes());
        sink.gauge("auth_failed_count", traffic.authFailed());
        sink.gauge("connection_drop_probability", view.throttle().dropProbability());
        for (QuotaUse quota : sessions.quotas()) {
            sink.gauge("quota_count_limit_per_namespace", quota.namespace(), quota.countLimit());
            sink.gauge("quota_count_usage_per_namespace", quota.namespace(), quota.count());
            sink.gauge("quota_bytes_limit_per_namespace", quota.namespace(), quota.bytesLimit());
            sink.gauge("quota_bytes_usage_per_namespace", quota.namespace(), quota.bytes());
        }
        sink.counter("connection_rejected", view.clients().rejectedCount());
        sink.counter("stale_sessions_expired", sessions.expired());
        sink.counter("digest_mismatches_count", sessions.digestMismatches());
    }
}
