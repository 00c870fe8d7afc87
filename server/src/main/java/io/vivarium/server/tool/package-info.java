/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Small programs that the scripts in {@code bin/} start: each is one main class with its usage in its header.
 *
 * <p>They are edges: they print, and they end the process with a code. May not be used by the server. Thread: main. Spec:
 * operations 2.
 */
@NullMarked
package io.vivarium.server.tool;

import org.jspecify.annotations.NullMarked;
