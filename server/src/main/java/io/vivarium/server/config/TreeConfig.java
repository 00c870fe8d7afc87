/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

/**
 * The tree of nodes.
 *
 * @param enforceQuota quotas refuse instead of warn
 * @param extendedTypes TTL nodes
 * @param ttlLayout353 read the TTL layout of release 3.5.3
 */
public record TreeConfig(boolean enforceQuota, boolean extendedTypes, boolean ttlLayout353, ReapConfig reap) {

    /**
     * Removal of empty containers and expired TTL nodes.
     *
     * @param maxNeverUsedMillis age at which a container that never had a child goes; 0 = never
     */
    public record ReapConfig(long checkIntervalMillis, int maxPerMinute, long maxNeverUsedMillis) {
        public ReapConfig {
            if (checkIntervalMillis < 1 || maxPerMinute < 1 || maxNeverUsedMillis < 0) {
                throw new ConfigException("znode.container.checkIntervalMs=" + checkIntervalMillis
                        + ", znode.container.maxPerMinute=" + maxPerMinute
                        + " and znode.container.maxNeverUsedIntervalMs=" + maxNeverUsedMillis
                        + " must be above 0, the last at least 0");
            }
        }
    }

    static TreeConfig from(ConfigValues values) {
        return new TreeConfig(
                values.flag("enforceQuota"),
                values.flag("extendedTypesEnabled"),
                values.flag("emulate353TTLNodes"),
                new ReapConfig(
                        values.longInteger("znode.container.checkIntervalMs"),
                        values.integer("znode.container.maxPerMinute"),
                        values.longInteger("znode.container.maxNeverUsedIntervalMs")));
    }
}
