/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.disk;

import java.util.Locale;
import java.util.Optional;

/**
 * Names of snapshots and logs: {@code snapshot.<hex zxid>[.gz|.snappy]}, {@code log.<hex zxid>} (spec persistence 1.1).
 *
 * @param zxid of a log: its first record; of a snapshot: the state it restores
 * @param suffix the last part in lower case if there are more than two, else empty
 */
public record DataFileName(String name, long zxid, String suffix) {
    public static final String SNAPSHOT_PREFIX = "snapshot";
    public static final String LOG_PREFIX = "log";

    /** The zxid in a name, or empty if the name is not {@code prefix.<hex>} with perhaps more parts behind. */
    public static Optional<DataFileName> parse(String name, String prefix) {
        String[] parts = name.split("\\.", -1);
        if (parts.length < 2 || !parts[0].equals(prefix)) {
            return Optional.empty();
        }
        try {
            long zxid = Long.parseLong(parts[1], 16);
            String suffix = parts.length == 2 ? "" : parts[parts.length - 1].toLowerCase(Locale.ROOT);
            return zxid < 0 ? Optional.empty() : Optional.of(new DataFileName(name, zxid, suffix));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    public static String log(long zxid) {
        return LOG_PREFIX + "." + Long.toHexString(zxid);
    }

    /** @param suffix empty, or with its leading dot */
    public static String snapshot(long zxid, String suffix) {
        return SNAPSHOT_PREFIX + "." + Long.toHexString(zxid) + suffix;
    }
}
