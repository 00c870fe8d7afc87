/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Command lines that show files to operators: dump of a log, dump of a snapshot. Spec: persistence 6.4.
 *
 * <p>Each has a {@code run} with streams as arguments, which tests call, and a {@code main}.
 */
@NullMarked
package io.vivarium.persistence.tool;

import org.jspecify.annotations.NullMarked;
