/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.server.client.ClientStats;
import io.vivarium.server.client.ConnectionView;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * {@code srvr}, and {@code stat}, which has the clients in it as well (spec operations 3.3).
 *
 * @param nodes as stock counts them, the root's second name included
 * @param proposals the line about them that a leader has, else empty
 */
record ServerReport(
        String version,
        ServerMode mode,
        ClientStats.Totals traffic,
        int connections,
        int outstanding,
        long zxid,
        int nodes,
        String proposals) {
    private static final int DECIMALS = 4;

    String srvr() {
        return text(head());
    }

    String stat(List<ConnectionView> clients) {
        StringBuilder text = head().append("Clients:\n");
        for (ConnectionView client : clients) {
            ConnectionReport.appendBrief(text, client);
            text.append(")\n");
        }
        return text(text.append('\n'));
    }

    private StringBuilder head() {
        StringBuilder text = new StringBuilder(512);
        text.append("Zookeeper version: ").append(version).append('\n');
        if (mode == ServerMode.READ_ONLY) {
            text.append("READ-ONLY mode; serving only read-only clients\n");
        }
        return text;
    }

    private String text(StringBuilder text) {
        return text.append("Latency min/avg/max: ")
                .append(traffic.latencyMinMillis())
                .append('/')
                .append(decimal(traffic.latencyMeanMillis()))
                .append('/')
                .append(traffic.latencyMaxMillis())
                .append("\nReceived: ")
                .append(traffic.received())
                .append("\nSent: ")
                .append(traffic.sent())
                .append("\nConnections: ")
                .append(connections)
                .append("\nOutstanding: ")
                .append(outstanding)
                .append("\nZxid: 0x")
                .append(Long.toHexString(zxid))
                .append("\nMode: ")
                .append(mode.word())
                .append("\nNode count: ")
                .append(nodes)
                .append('\n')
                .append(proposals)
                .toString();
    }

    /** A number with one to four decimals, never with an exponent: {@code 0.0}, {@code 3.5556}. */
    static String decimal(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value)
                .setScale(DECIMALS, RoundingMode.HALF_UP)
                .stripTrailingZeros();
        return rounded.setScale(Math.max(1, rounded.scale()), RoundingMode.UNNECESSARY)
                .toPlainString();
    }
}
