/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The jute binary encoding: big-endian integers, length-prefixed strings, buffers and vectors.
 *
 * <p>Knows bytes only, never a message. Limits come in as arguments; whatever violates them ends in a
 * {@link io.vivarium.protocol.jute.MalformedDataException} that names offset, value and limit. Thread: any; instances
 * belong to one thread at a time. Spec: client-protocol 1, persistence (preamble). Start reading at
 * {@link io.vivarium.protocol.jute.JuteReader}.
 */
@NullMarked
package io.vivarium.protocol.jute;

import org.jspecify.annotations.NullMarked;
