/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.server.client.ConnectionView;
import java.util.List;

/** {@code cons}: a line for each connection, then an empty one (spec operations 3.3). */
final class ConnectionReport {
    private ConnectionReport() {}

    static String cons(List<ConnectionView> connections) {
        StringBuilder text = new StringBuilder();
        for (ConnectionView connection : connections) {
            appendBrief(text, connection);
            if (connection.session() != null) {
                appendSession(text, connection.session(), connection.timeoutMillis());
            }
            text.append(")\n");
        }
        return text.append('\n').toString();
    }

    /** What {@code stat} says of a connection too, up to the closing parenthesis. */
    static void appendBrief(StringBuilder text, ConnectionView connection) {
        text.append(' ')
                .append(connection.peer())
                .append('[')
                .append(Integer.toHexString(connection.interest()))
                .append("](queued=")
                .append(connection.queued())
                .append(",recved=")
                .append(connection.received())
                .append(",sent=")
                .append(connection.sent());
    }

    private static void appendSession(StringBuilder text, ConnectionView.SessionUse use, int timeoutMillis) {
        text.append(",sid=0x").append(Long.toHexString(use.id()));
        text.append(",lop=").append(use.lastOp());
        text.append(",est=").append(use.establishedMillis());
        text.append(",to=").append(timeoutMillis);
        if (use.lastCxid() >= 0) {
            text.append(",lcxid=0x").append(Long.toHexString(use.lastCxid()));
        }
        text.append(",lzxid=0x").append(Long.toHexString(use.lastZxid()));
        text.append(",lresp=").append(use.lastResponseMillis());
        text.append(",llat=").append(use.lastLatency());
        text.append(",minlat=").append(use.minLatency());
        text.append(",avglat=").append(use.meanLatency());
        text.append(",maxlat=").append(use.maxLatency());
    }
}
