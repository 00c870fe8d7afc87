/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.ReplyHeader;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.auth.AuthOutcome;
import io.vivarium.server.auth.ConnectionIdentity;
import io.vivarium.server.auth.Identities;
import io.vivarium.server.pipeline.ReplyEncoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who the client of one connection is: what its address says, and what it has proved since.
 *
 * <p>Thread: the connection's event loop; {@link #identities} any. Auth and SASL requests are answered at once, out of the
 * session's order, as stock does. Spec: client-protocol 7.3, 7.6, 10.1.
 */
final class ClientLogin {
    private static final Logger LOG = LoggerFactory.getLogger(ClientLogin.class);

    private final ClientPort port;
    private final IoLane lane;
    private final ConnectionLife life;
    private final AnswerStream answers;
    private volatile Identities identities;

    ClientLogin(ClientPort port, IoLane lane, ConnectionLife life, AnswerStream answers, Identities identities) {
        this.port = port;
        this.lane = lane;
        this.life = life;
        this.answers = answers;
        this.identities = identities;
    }

    /** Thread: any. */
    Identities identities() {
        return identities;
    }

    /** Whether the client has shown enough of itself for such a request. */
    boolean admits(int op) {
        return port.authRequirement().admits(op, identities);
    }

    void authenticate(int xid, JuteReader request, JuteWriter out) {
        int before = out.size();
        ClientRequest.Auth auth = ClientRequest.Auth.read(request);
        String address = life.peer().getAddress().getHostAddress();
        AuthOutcome outcome =
                port.schemes().authenticate(auth.scheme(), ConnectionIdentity.ofAddress(address), auth.auth());
        if (outcome instanceof AuthOutcome.Accepted accepted) {
            identities = identities.withAll(accepted.identities());
            LOG.info(
                    "Session 0x{}: auth success for scheme {} and address {}",
                    life.sessionText(),
                    auth.scheme(),
                    life.peer());
            ReplyEncoder.encodeHeader(out, xid, 0, 0);
        } else {
            LOG.warn(
                    "Session 0x{}: auth failed for scheme {} and address {}",
                    life.sessionText(),
                    auth.scheme(),
                    life.peer());
            lane.counters().authFailed();
            ReplyEncoder.encodeHeader(out, xid, 0, ErrorCode.AUTH_FAILED.code());
            life.endWithNextSend();
        }
        answers.answered(xid, OpCode.AUTH, 0, out.size() - before);
    }

    /** Without a SASL configuration the exchange ends with a null token and the client goes on (spec 10.1). */
    void answerSasl(int xid, JuteReader request, JuteWriter out) {
        if (ClientRequest.Sasl.read(request).token() == null) {
            life.end("a sasl request without a token");
            return;
        }
        int before = out.size();
        int mark = out.beginFrame();
        ReplyHeader.write(out, xid, 0, 0);
        out.writeBuffer(null);
        out.endFrame(mark);
        answers.answered(xid, OpCode.SASL, 0, out.size() - before);
    }
}
