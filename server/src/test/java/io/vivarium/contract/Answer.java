/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.ReplyHeader;
import io.vivarium.protocol.client.WatchEvent;
import io.vivarium.protocol.data.Stat;
import io.vivarium.protocol.jute.JuteReader;

/** One thing a connection received, in the order of receipt. Immutable but for the arrays. */
sealed interface Answer {
    /** The answer to the connect request, read from a whole frame (spec 2.1). */
    record Connected(ConnectReply reply) implements Answer {}

    /** A reply; {@code op} is the opcode of the request it belongs to, {@code body} what follows the header. */
    record Reply(int op, ReplyHeader header, byte[] body) implements Answer {
        long zxid() {
            return header.zxid();
        }

        boolean isOk() {
            return header.err() == 0;
        }

        /** A reader at the start of the body. */
        JuteReader reader() {
            return JuteReader.of(body);
        }

        /** The stat of a reply whose body is one or ends with one. */
        Stat stat() {
            JuteReader in = reader();
            in.reset(java.nio.ByteBuffer.wrap(body, body.length - STAT_BYTES, STAT_BYTES));
            return Stat.read(in);
        }
    }

    /** A watch event (spec 8.3). */
    record Notification(ReplyHeader header, WatchEvent event) implements Answer {}

    /** The server closed the connection. */
    record Closed() implements Answer {}

    int STAT_BYTES = 68;
}
