/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.ConnectRequest;

/**
 * A client's wish for a session, new or old (spec client-protocol 2.3, 2.4).
 *
 * @param timeoutMillis the negotiated timeout
 */
public record SessionRequest(ClientLink link, ConnectRequest connect, int timeoutMillis) implements CoreMessage {
    @Override
    public void deliver(Replica replica) {
        if (connect.sessionId() == 0) {
            replica.onOpenSession(this);
        } else {
            replica.onResumeSession(this);
        }
    }
}
