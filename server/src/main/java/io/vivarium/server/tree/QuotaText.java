/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text in {@code zookeeper_limits} and {@code zookeeper_stats}: {@code count=N,bytes=N}, and with hard limits {@code
 * count=N,bytes=N=;byteHardLimit=N;countHardLimit=N} (spec client-protocol 11).
 *
 * <p>Values are -1 where the text does not have them. Text that is not a number counts as absent: clients may write anything
 * into these nodes, and that must not stop a transaction.
 */
record QuotaText(long count, long bytes, long countHardLimit, long byteHardLimit) {
    static final long NONE = -1;
    static final QuotaText UNLIMITED = new QuotaText(NONE, NONE, NONE, NONE);

    private static final Pattern SEPARATORS = Pattern.compile("[,;]+");
    private static final String COUNT = "count";
    private static final String BYTES = "bytes";
    private static final String COUNT_HARD = "countHardLimit";
    private static final String BYTE_HARD = "byteHardLimit";

    static QuotaText parse(byte @Nullable [] data) {
        if (data == null || data.length == 0) {
            return UNLIMITED;
        }
        Map<String, Long> values = new TreeMap<>();
        for (String entry : SEPARATORS.split(new String(data, StandardCharsets.UTF_8), -1)) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                int end = entry.indexOf('=', equals + 1);
                values.put(
                        entry.substring(0, equals),
                        number(entry.substring(equals + 1, end < 0 ? entry.length() : end)));
            }
        }
        return new QuotaText(
                values.getOrDefault(COUNT, NONE),
                values.getOrDefault(BYTES, NONE),
                values.getOrDefault(COUNT_HARD, NONE),
                values.getOrDefault(BYTE_HARD, NONE));
    }

    /** Usage moved on; an absent value counts from 0. */
    QuotaText plus(long countDelta, long bytesDelta) {
        return new QuotaText(
                Math.max(0, count) + countDelta, Math.max(0, bytes) + bytesDelta, countHardLimit, byteHardLimit);
    }

    byte[] encode() {
        StringBuilder text = new StringBuilder(48);
        text.append(COUNT)
                .append('=')
                .append(count)
                .append(',')
                .append(BYTES)
                .append('=')
                .append(bytes);
        if (countHardLimit != NONE || byteHardLimit != NONE) {
            text.append('=');
            if (byteHardLimit != NONE) {
                text.append(';').append(BYTE_HARD).append('=').append(byteHardLimit);
            }
            if (countHardLimit != NONE) {
                text.append(';').append(COUNT_HARD).append('=').append(countHardLimit);
            }
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static long number(String text) {
        try {
            return text.isBlank() ? NONE : Long.parseLong(text.trim());
        } catch (NumberFormatException e) {
            return NONE;
        }
    }
}
