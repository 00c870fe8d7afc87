/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What comes out: results as records, JSON, a page with charts, and the arithmetic and table of ratios.
 *
 * <p>Pure but for {@link io.vivarium.bench.report.ResultFiles}, which writes files. Thread: any. Start reading at {@link
 * io.vivarium.bench.report.RunResult} and {@link io.vivarium.bench.report.Comparison}.
 */
@NullMarked
package io.vivarium.bench.report;

import org.jspecify.annotations.NullMarked;
