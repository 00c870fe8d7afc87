/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.pipeline.Outgoing;

/** The answer to a connect request on its way to the client (spec client-protocol 2.1, 2.5). */
final class SessionAnswer extends Outgoing {
    private final ConnectReply reply;
    private final boolean accepted;

    private SessionAnswer(ConnectReply reply, boolean accepted) {
        this.reply = reply;
        this.accepted = accepted;
    }

    static SessionAnswer accepted(ConnectReply reply) {
        return new SessionAnswer(reply, true);
    }

    static SessionAnswer refused(ConnectReply reply) {
        return new SessionAnswer(reply, false);
    }

    boolean isAccepted() {
        return accepted;
    }

    int timeoutMillis() {
        return reply.timeoutMillis();
    }

    @Override
    public void encode(JuteWriter out) {
        int mark = out.beginFrame();
        reply.write(out);
        out.endFrame(mark);
    }

    @Override
    public boolean endsConnection() {
        return !accepted;
    }
}
