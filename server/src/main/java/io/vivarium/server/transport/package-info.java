/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What the ports of the server share beneath their protocols: Netty's transport, the names of threads, the end of an event
 * loop's turn.
 *
 * <p>Knows no protocol and decides nothing. Thread: any.
 */
@NullMarked
package io.vivarium.server.transport;

import org.jspecify.annotations.NullMarked;
