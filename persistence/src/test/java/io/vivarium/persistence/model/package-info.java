/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Naive twins for tests: a tree written straight from the spec and a disk that forgets what was not synced.
 *
 * <p>Slow and obvious on purpose; the server's tests use them too. Spec: persistence 3.6, 4.5, 5.
 */
@NullMarked
package io.vivarium.persistence.model;

import org.jspecify.annotations.NullMarked;
