/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import io.vivarium.protocol.quorum.QuorumPacket;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The way of a history onto one link (spec quorum 4). What the core sends on the link meanwhile waits until {@link #end}.
 *
 * <p>Thread: the one that sends histories. Writing blocks while the learner is slower than the history, but not for ever: a
 * learner that takes nothing for the stall limit is closed. Every method throws once the link is gone.
 * Whoever has an outlet finishes with {@link #end} or {@link #fail}, also after an exception.
 */
public interface HistoryOutlet {
    /** Queues one packet of the history. */
    void send(QuorumPacket packet) throws IOException;

    /** Raw bytes behind a SNAP packet; not to be closed, and used before {@link #end} only. */
    OutputStream image() throws IOException;

    /** The last byte of the history is queued; what waited follows it. */
    void end() throws IOException;

    /** The history cannot be sent: closes the link, which is reported as closed with this reason. */
    void fail(String reason);
}
