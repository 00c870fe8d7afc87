/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.data.ZnodePath;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The paths that have a quota, and what it says (spec client-protocol 11).
 *
 * <p>Thread: {@code core}. Limits and usage stand in znodes below {@code /zookeeper/quota}; only the set of paths is kept
 * here, so whatever a client writes into those nodes takes effect at once. Without any quota everything here costs one test.
 */
public final class QuotaIndex {
    private static final String LIMITS_SUFFIX = "/" + ZnodePath.QUOTA_LIMITS;
    private static final String STATS_SUFFIX = "/" + ZnodePath.QUOTA_STATS;

    private final TreeView tree;
    private final Set<String> prefixes = new HashSet<>();

    QuotaIndex(TreeView tree) {
        this.tree = tree;
    }

    /** How many paths have a quota. */
    public int size() {
        return prefixes.size();
    }

    /**
     * Whether the hard limits leave room for a change, seen from what is applied. The count is looked at only when it grows
     * and the bytes only when they change; the count comes first.
     */
    public QuotaVerdict checkHard(String path, long bytesDelta, long countDelta) {
        String prefix = prefixOf(path);
        if (prefix == null) {
            return QuotaVerdict.WITHIN;
        }
        QuotaText limits = read(limitsPath(prefix));
        QuotaText used = read(statsPath(prefix));
        if (limits == null || used == null) {
            return QuotaVerdict.WITHIN;
        }
        return compare(prefix, used, limits.countHardLimit(), countDelta, limits.byteHardLimit(), bytesDelta);
    }

    /** {@link #checkHard} as yes or no. */
    public boolean allows(String path, long bytesDelta, long countDelta) {
        return prefixes.isEmpty() || !checkHard(path, bytesDelta, countDelta).isExceeded();
    }

    /** The same for soft limits, which are worth a warning. One beside a hard limit of its kind is not looked at. */
    public QuotaVerdict checkSoft(String path, long bytesDelta, long countDelta) {
        String prefix = prefixOf(path);
        if (prefix == null) {
            return QuotaVerdict.WITHIN;
        }
        QuotaText limits = read(limitsPath(prefix));
        QuotaText used = read(statsPath(prefix));
        if (limits == null || used == null) {
            return QuotaVerdict.WITHIN;
        }
        long count = limits.countHardLimit() == QuotaText.NONE ? limits.count() : QuotaText.NONE;
        long bytes = limits.byteHardLimit() == QuotaText.NONE ? limits.bytes() : QuotaText.NONE;
        return compare(prefix, used, count, countDelta, bytes, bytesDelta);
    }

    /** Limits and usage by namespace; of several quotas in one, that of the path that sorts last. */
    public List<QuotaUse> uses() {
        Map<String, QuotaUse> uses = new TreeMap<>();
        for (String prefix : new TreeSet<>(prefixes)) {
            QuotaText limits = read(limitsPath(prefix));
            QuotaText used = read(statsPath(prefix));
            if (limits != null && used != null) {
                int end = prefix.indexOf('/', 1);
                String namespace = prefix.substring(1, end < 0 ? prefix.length() : end);
                uses.put(
                        namespace,
                        new QuotaUse(
                                namespace,
                                limits.countHardLimit() == QuotaText.NONE ? limits.count() : limits.countHardLimit(),
                                used.count(),
                                limits.byteHardLimit() == QuotaText.NONE ? limits.bytes() : limits.byteHardLimit(),
                                used.bytes()));
            }
        }
        return List.copyOf(uses.values());
    }

    private static QuotaVerdict compare(
            String prefix, QuotaText used, long countLimit, long countDelta, long byteLimit, long bytesDelta) {
        long count = Math.max(0, used.count()) + countDelta;
        if (countDelta > 0 && countLimit != QuotaText.NONE && count > countLimit) {
            return new QuotaVerdict(QuotaVerdict.Kind.COUNT_EXCEEDED, prefix, countLimit, count);
        }
        long bytes = Math.max(0, used.bytes()) + bytesDelta;
        if (bytesDelta != 0 && byteLimit != QuotaText.NONE && bytes > byteLimit) {
            return new QuotaVerdict(QuotaVerdict.Kind.BYTES_EXCEEDED, prefix, byteLimit, bytes);
        }
        return QuotaVerdict.WITHIN;
    }

    private @Nullable QuotaText read(String path) {
        Znode node = tree.find(path);
        return node == null ? null : QuotaText.parse(node.data());
    }

    /** The deepest path with a quota that covers {@code path}; null if there is none. */
    @Nullable
    String prefixOf(String path) {
        if (prefixes.isEmpty()) {
            return null;
        }
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            String prefix = path.substring(0, end);
            if (prefixes.contains(prefix)) {
                return prefix;
            }
        }
        return null;
    }

    void track(String prefix) {
        // A quota on the root is ignored.
        if (!prefix.isEmpty()) {
            prefixes.add(prefix);
        }
    }

    void untrack(String prefix) {
        prefixes.remove(prefix);
    }

    void clear() {
        prefixes.clear();
    }

    static boolean isBelowQuota(String path) {
        return path.startsWith(ZnodePath.QUOTA + "/");
    }

    /** The path a limits node speaks of, or null if {@code path} is not one. */
    static @Nullable String subjectOfLimits(String path) {
        return subjectOf(path, LIMITS_SUFFIX);
    }

    /** The path a stats node speaks of, or null if {@code path} is not one. */
    static @Nullable String subjectOfStats(String path) {
        return subjectOf(path, STATS_SUFFIX);
    }

    private static @Nullable String subjectOf(String path, String suffix) {
        return isBelowQuota(path) && path.endsWith(suffix)
                ? path.substring(ZnodePath.QUOTA.length(), path.length() - suffix.length())
                : null;
    }

    static String limitsPath(String prefix) {
        return ZnodePath.QUOTA + prefix + LIMITS_SUFFIX;
    }

    static String statsPath(String prefix) {
        return ZnodePath.QUOTA + prefix + STATS_SUFFIX;
    }
}
