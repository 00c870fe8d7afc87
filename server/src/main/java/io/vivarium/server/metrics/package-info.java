/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What the server counts and measures of itself (spec operations 5.2).
 *
 * <p>Each thread that does work owns one {@link io.vivarium.server.metrics.Recorder} and writes into it with plain adds and
 * opaque stores: no lock, no shared cache line, no object. Reports add the recorders up on the thread that asks and hand
 * every value to a {@link io.vivarium.server.metrics.MetricSink}; {@code mntr} is one, the page for Prometheus another.
 *
 * <p>Nothing here knows the parts that are measured, a port or a text format. What only a leader or a follower has to
 * tell is a {@link io.vivarium.server.metrics.MetricSource} of its own. Start with {@code Metrics}.
 */
@NullMarked
package io.vivarium.server.metrics;

import org.jspecify.annotations.NullMarked;
