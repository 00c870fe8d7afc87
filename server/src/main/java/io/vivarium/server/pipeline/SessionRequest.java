/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.server.session.SessionPassword;

/**
 * A client's wish for a session, new or old (spec client-protocol 2.3, 2.4).
 *
 * @param timeoutMillis the negotiated timeout
 */
public record SessionRequest(ClientLink link, ConnectRequest connect, int timeoutMillis) implements CoreMessage {
    @Override
    public void deliver(Replica replica) {
        replica.onSession(this);
    }

    /** Tells the client that the session is its own now. */
    void accept(long id) {
        accept(id, false);
    }

    /** As {@link #accept(long)}, by a server that serves reads only. */
    void acceptReadOnly(long id) {
        accept(id, true);
    }

    private void accept(long id, boolean readOnly) {
        link.established(
                id,
                ConnectReply.accepted(timeoutMillis, id, SessionPassword.of(id), readOnly, connect.hasReadOnlyByte()));
    }

    /** Tells the client that it cannot have the session (spec client-protocol 2.5). */
    void refuse() {
        link.refused(ConnectReply.invalidSession(false, connect.hasReadOnlyByte()));
    }
}
