/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.metrics;

/**
 * Takes the values of one report, each under the name it has in stock, without prefix (spec operations 5.2).
 *
 * <p>Thread: that of the report. A value with a label is one of a family; the label is a namespace or a server id.
 */
public interface MetricSink {
    void gauge(String key, long value);

    void gauge(String key, double value);

    void gauge(String key, String label, long value);

    void counter(String key, long value);

    void summary(String key, SummaryTotal total);

    void summary(String key, String label, SummaryTotal total);
}
