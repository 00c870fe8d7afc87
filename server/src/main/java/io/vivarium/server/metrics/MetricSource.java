/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.metrics;

/**
 * A part of the server that has values to report; what only one role has to tell ends with that role.
 *
 * <p>Thread: that of the report; an implementation reads what other threads may write meanwhile and does not wait for
 * them.
 */
@FunctionalInterface
public interface MetricSource {
    void report(MetricSink sink);
}
