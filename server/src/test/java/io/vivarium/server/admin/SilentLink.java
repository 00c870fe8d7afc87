/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.server.auth.Identities;
import io.vivarium.server.pipeline.ClientLink;
import io.vivarium.server.pipeline.Outgoing;

/** A client that has a session and takes what it is given without a sign. */
record SilentLink(long sessionId) implements ClientLink {
    @Override
    public void queue(Outgoing item) {
        // Nobody reads it.
    }

    @Override
    public void established(long id, ConnectReply reply) {
        // Nobody reads it.
    }

    @Override
    public void refused(ConnectReply reply) {
        // Nobody reads it.
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public Identities identities() {
        return Identities.ofPeer("127.0.0.1");
    }

    @Override
    public long lastHeardNanos() {
        return 0;
    }
}
