/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The client port: connections, frames, handshakes, answers.
 *
 * <p>Lives on the {@code client-io} event loops, each of which owns its connections through one
 * {@link io.vivarium.server.client.IoLane}. Reads are answered here, through {@link
 * io.vivarium.server.pipeline.ReadService} and under the shared side of the gate; everything else leaves through {@link
 * io.vivarium.server.pipeline.RequestRoute}. The tree is not touched in any other way. Whether a client is let in, {@link
 * io.vivarium.server.client.Handshake} alone decides. Spec: client-protocol 1 to 3, 9.6. Start reading at {@link
 * io.vivarium.server.client.ClientConnection}, which names the parts of a connection.
 */
@NullMarked
package io.vivarium.server.client;

import org.jspecify.annotations.NullMarked;
