/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import io.vivarium.protocol.ensemble.HostPort;
import org.jspecify.annotations.Nullable;

/**
 * The page of metrics for Prometheus.
 *
 * @param address null if there is no such page
 * @param jvm whether it tells of the JVM and the process, too
 */
public record MetricsConfig(@Nullable HostPort address, boolean jvm) {
    /** The name that users' files have for it; theirs to write, ours to know. */
    static final String PROMETHEUS = "org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider";

    static MetricsConfig from(ConfigValues values) {
        boolean wanted = values.textOr("metricsProvider.className", "").equals(PROMETHEUS);
        HostPort address = new HostPort(
                values.textOr("metricsProvider.httpHost", HostPort.ANY), values.integer("metricsProvider.httpPort"));
        return new MetricsConfig(wanted ? address : null, values.flag("metricsProvider.exportJvmInfo"));
    }
}
