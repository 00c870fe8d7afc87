/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import io.vivarium.protocol.quorum.QuorumPacket;
import java.io.IOException;
import java.io.OutputStream;

/** The outlet of a link that is gone: every method says so. Thread: any. */
final class ClosedOutlet implements HistoryOutlet {
    private final String reason;

    ClosedOutlet(String reason) {
        this.reason = reason;
    }

    @Override
    public void send(QuorumPacket packet) throws IOException {
        throw gone();
    }

    @Override
    public OutputStream image() throws IOException {
        throw gone();
    }

    @Override
    public void end() throws IOException {
        throw gone();
    }

    /** The link is gone already, and was reported as closed or closed by its owner. */
    @Override
    public void fail(String ignored) {}

    private IOException gone() {
        return new IOException(reason);
    }
}
