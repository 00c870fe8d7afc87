/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.server.metrics.Counter;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.metrics.Summary;
import io.vivarium.server.pipeline.ServiceMode;

/**
 * Whether a client is let in: what is said to a connect request before the core is asked (spec client-protocol 2.2, steps 1
 * to 6). Nothing else decides that.
 *
 * <p>Thread: client-io. Pure but for what it asks of the port. A refusal is a close without a byte; the reason is for
 * the log.
 */
final class Handshake {
    /** The request to be passed on, or why the connection is closed; or neither yet. */
    sealed interface Verdict {
        record Proceed(ConnectRequest request, int timeoutMillis) implements Verdict {}

        record Close(String reason) implements Verdict {}

        /** The server will know in a moment. */
        record Wait() implements Verdict {}
    }

    private Handshake() {}

    /** True if nobody is let in now, whatever the request says. */
    static boolean isShut(ClientPort port) {
        return port.service().get() == ServiceMode.NOBODY;
    }

    static Verdict judge(JuteReader frame, ClientPort port, Recorder recorder) {
        if (isShut(port)) {
            return new Verdict.Close("this server is not serving");
        }
        if (port.service().get() == ServiceMode.NOBODY_YET) {
            return new Verdict.Wait();
        }
        ConnectRequest request;
        try {
            request = ConnectRequest.read(frame);
        } catch (MalformedDataException e) {
            return new Verdict.Close("undecodable connect request: " + e.getMessage());
        }
        recorder.add(Counter.CONNECTION_REQUEST_COUNT, 1);
        if (request.sessionId() != 0) {
            recorder.add(Counter.CONNECTION_REVALIDATE_COUNT, 1);
        }
        recorder.record(
                Summary.CONNECTION_TOKEN_DEFICIT, port.connectionThrottle().deficit());
        if (!port.connectionThrottle()
                .admits(request.sessionId(), port.nanoClock().getAsLong())) {
            return new Verdict.Close("too many connect requests at a time (connection_throttle_tokens)");
        }
        if (port.service().get() == ServiceMode.READ_ONLY && !request.readOnly()) {
            return new Verdict.Close("this server is read-only for now, and the client asks for more");
        }
        long seen = request.lastZxidSeen();
        long ours = port.lastZxid().getAsLong();
        if (seen > ours) {
            // The client has been served by somebody who knows more; it must go on to another server (trap 9).
            return new Verdict.Close("the client has seen zxid " + Zxid.toString(seen) + ", our last is "
                    + Zxid.toString(ours) + "; it must try another server");
        }
        return new Verdict.Proceed(request, port.timeouts().negotiate(request.timeoutMillis()));
    }
}
