/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.client;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.ConnectRequest;

/**
 * What passes between a client and a server (spec client-protocol 2, 3).
 *
 * <p>Requests are passed as values: decoding has tests of its own. Answers are bytes as they would leave, because who
 * encodes what, and when, is part of what is simulated.
 */
public sealed interface ClientFrame {
    /** The first frame of a connection. */
    record Hello(ConnectRequest request) implements ClientFrame {}

    /** A request behind it. */
    record Ask(int xid, int op, ClientRequest body) implements ClientFrame {}

    /** The answer to {@link Hello}. */
    record Welcome(ConnectReply reply) implements ClientFrame {}

    /** Frames with replies and notifications, lengths included. */
    record Bytes(byte[] frames) implements ClientFrame {}
}
