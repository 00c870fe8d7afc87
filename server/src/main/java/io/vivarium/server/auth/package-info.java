/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Who a connection is and what it may do: schemes, identities, the access decision, fix-up of lists.
 *
 * <p>Pure: no sockets, no name look-ups, no clock. Everything here is immutable once built, so any thread may use it; the
 * one field that changes, the identities a connection holds, lives in the connection. Start reading at
 * {@link io.vivarium.server.auth.AccessCheck}. Spec: client-protocol 7.
 */
@NullMarked
package io.vivarium.server.auth;

import org.jspecify.annotations.NullMarked;
