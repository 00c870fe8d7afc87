/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.server.metrics.MetricSink;
import io.vivarium.server.metrics.MetricSource;
import io.vivarium.server.metrics.Summary;
import io.vivarium.server.metrics.SummaryTotal;
import io.vivarium.server.quorum.Role;
import io.vivarium.server.quorum.RoleReport;

/**
 * {@code mntr}: a key and a value in each line, for programs (spec operations 3.4).
 *
 * <p>A summary is a handful of lines, each with a word in front of the name; a label stands between the two.
 */
final class MonitorText implements MetricSink {
    private final StringBuilder text = new StringBuilder(8 << 10);

    static String of(AdminView view, MetricSource report) {
        MonitorText text = new MonitorText();
        text.line("version", view.version());
        text.line("server_state", view.mode().get().word());
        MemberView member = view.member();
        if (member != null) {
            text.role(member.role().get());
        }
        report.report(text);
        return text.text.toString();
    }

    private void role(RoleReport role) {
        line("peer_state", role.peerState());
        if (role.role() == Role.OBSERVING) {
            line("observer_master_id", Long.toString(role.leader()));
        }
    }

    @Override
    public void gauge(String key, long value) {
        line(key, Long.toString(value));
    }

    @Override
    public void gauge(String key, double value) {
        line(key, ServerReport.decimal(value));
    }

    @Override
    public void gauge(String key, String label, long value) {
        gauge(label + '_' + key, value);
    }

    @Override
    public void counter(String key, long value) {
        gauge(key, value);
    }

    @Override
    public void summary(String key, SummaryTotal total) {
        gauge("avg_" + key, total.mean());
        gauge("min_" + key, total.min());
        gauge("max_" + key, total.max());
        gauge("cnt_" + key, total.count());
        gauge("sum_" + key, total.sum());
        if (total.detail() == Summary.Detail.DETAILED) {
            gauge("p50_" + key, total.quantile(0.5));
            gauge("p95_" + key, total.quantile(0.95));
            gauge("p99_" + key, total.quantile(0.99));
            gauge("p999_" + key, total.quantile(0.999));
        }
    }

    @Override
    public void summary(String key, String label, SummaryTotal total) {
        summary(label + '_' + key, total);
    }

    private void line(String key, String value) {
        text.append("zk_").append(key).append('\t').append(value).append('\n');
    }
}
