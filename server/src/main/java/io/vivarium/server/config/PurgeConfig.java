/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removal of old snapshots and journals.
 *
 * @param retainCount snapshots to keep, at least 3
 * @param intervalMillis between two purges, the first at start; 0 = never
 */
public record PurgeConfig(int retainCount, long intervalMillis) {
    /** Fewer are never kept: the newest snapshot may be damaged. */
    public static final int LEAST_RETAIN_COUNT = 3;

    private static final Pattern INTERVAL = Pattern.compile("(-?\\d+)\\s*([hms]?)");
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    public PurgeConfig {
        if (retainCount < LEAST_RETAIN_COUNT || intervalMillis < 0) {
            throw new ConfigException("cannot keep " + retainCount + " snapshots every " + intervalMillis + " ms");
        }
    }

    static PurgeConfig from(ConfigValues values) {
        int retain = values.integer("autopurge.snapRetainCount");
        if (retain < LEAST_RETAIN_COUNT) {
            values.log().warn("Invalid autopurge.snapRetainCount: " + retain + ". Defaulting to " + LEAST_RETAIN_COUNT);
            retain = LEAST_RETAIN_COUNT;
        }
        String interval = values.textOr("autopurge.purgeInterval", "0");
        PurgeConfig config = new PurgeConfig(retain, millis(interval));
        values.log().info("autopurge.snapRetainCount set to " + retain);
        values.log().info("autopurge.purgeInterval set to " + interval);
        if (config.intervalMillis == 0) {
            values.log().info("Purge task is not scheduled.");
        }
        return config;
    }

    /** Hours, unless a letter says otherwise; nothing below 0 is ever due. */
    private static long millis(String interval) {
        Matcher matcher = INTERVAL.matcher(interval);
        if (!matcher.matches()) {
            throw notNumber(interval);
        }
        try {
            long number = Math.max(0, Long.parseLong(matcher.group(1)));
            return Math.multiplyExact(
                    number,
                    switch (matcher.group(2)) {
                        case "s" -> SECOND;
                        case "m" -> MINUTE;
                        default -> HOUR;
                    });
        } catch (NumberFormatException | ArithmeticException tooLong) {
            throw notNumber(interval);
        }
    }

    private static ConfigException notNumber(String interval) {
        return new ConfigException("autopurge.purgeInterval: For input string: \"" + interval + "\"");
    }
}
