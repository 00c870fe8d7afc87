/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.vivarium.server.metrics.MetricSink;
import io.vivarium.server.metrics.Summary;
import io.vivarium.server.metrics.SummaryTotal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One report as the families of samples that Prometheus scrapes (spec operations 5.1): names without prefix, counters
 * without suffix, one label named {@code key}.
 *
 * <p>Thread: that of the report.
 */
final class PrometheusPage implements MetricSink {
    private static final List<String> LABEL = List.of("key");
    private static final List<String> QUANTILE = List.of("quantile");
    private static final List<String> LABEL_AND_QUANTILE = List.of("key", "quantile");

    private final Map<String, MetricFamilySamples> families = new LinkedHashMap<>();
    private final QuantileWindow window;
    private final long nowNanos;

    PrometheusPage(QuantileWindow window, long nowNanos) {
        this.window = window;
        this.nowNanos = nowNanos;
    }

    List<MetricFamilySamples> families() {
        return List.copyOf(families.values());
    }

    @Override
    public void gauge(String key, long value) {
        add(Collector.Type.GAUGE, key, new Sample(key, List.of(), List.of(), value));
    }

    @Override
    public void gauge(String key, double value) {
        add(Collector.Type.GAUGE, key, new Sample(key, List.of(), List.of(), value));
    }

    @Override
    public void gauge(String key, String label, long value) {
        add(Collector.Type.GAUGE, key, new Sample(key, LABEL, List.of(label), value));
    }

    @Override
    public void counter(String key, long value) {
        add(Collector.Type.COUNTER, key, new Sample(key, List.of(), List.of(), value));
    }

    @Override
    public void summary(String key, SummaryTotal total) {
        SummaryTotal earlier = window.begin(key, total, nowNanos);
        for (String part : quantiles(total)) {
            double value = quantile(total, earlier, part);
            add(Collector.Type.SUMMARY, key, new Sample(key, QUANTILE, List.of(part), value));
        }
        add(Collector.Type.SUMMARY, key, new Sample(key + "_count", List.of(), List.of(), total.count()));
        add(Collector.Type.SUMMARY, key, new Sample(key + "_sum", List.of(), List.of(), total.sum()));
    }

    @Override
    public void summary(String key, String label, SummaryTotal total) {
        SummaryTotal earlier = window.begin(key + ' ' + label, total, nowNanos);
        for (String part : quantiles(total)) {
            double value = quantile(total, earlier, part);
            add(Collector.Type.SUMMARY, key, new Sample(key, LABEL_AND_QUANTILE, List.of(label, part), value));
        }
        add(Collector.Type.SUMMARY, key, new Sample(key + "_count", LABEL, List.of(label), total.count()));
        add(Collector.Type.SUMMARY, key, new Sample(key + "_sum", LABEL, List.of(label), total.sum()));
    }

    private static List<String> quantiles(SummaryTotal total) {
        return total.detail() == Summary.Detail.DETAILED ? List.of("0.5", "0.9", "0.99") : List.of("0.5");
    }

    /** Nothing observed for a while is not a number, and no zero either. */
    private static double quantile(SummaryTotal total, SummaryTotal earlier, String part) {
        long value = total.quantileSince(earlier, Double.parseDouble(part));
        return value < 0 ? Double.NaN : value;
    }

    private void add(Collector.Type type, String key, Sample sample) {
        families.computeIfAbsent(key, name -> new MetricFamilySamples(name, type, name, new ArrayList<>()))
                .samples
                .add(sample);
    }
}
