/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Small values that every layer speaks of: stat, ACL, zxid, path, error code.
 *
 * <p>Immutable, no IO. Thread: any. Spec: client-protocol 5 to 7.
 */
@NullMarked
package io.vivarium.protocol.data;

import org.jspecify.annotations.NullMarked;
