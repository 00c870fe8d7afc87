/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The records of the client port: connect handshake, headers, one record per request and reply, watch events.
 *
 * <p>Wire forms only; no server state. Thread: any, all values immutable. Spec: client-protocol 2 to 4 and 8. Start
 * reading at {@link io.vivarium.protocol.client.OpCode}.
 */
@NullMarked
package io.vivarium.protocol.client;

import org.jspecify.annotations.NullMarked;
