/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What all ports of the server share about sockets: which transport of Netty carries them.
 *
 * <p>Knows no protocol and decides nothing. Thread: any.
 */
@NullMarked
package io.vivarium.server.transport;

import org.jspecify.annotations.NullMarked;
