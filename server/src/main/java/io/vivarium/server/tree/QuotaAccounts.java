/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.data.ZnodePath;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the usage of quotas in their {@code zookeeper_stats} nodes (spec client-protocol 11, persistence 3.6).
 *
 * <p>Thread: {@code core}, right after each change. Only data is rewritten: no version, no zxid, no event, nothing logged
 * (spec persistence 8, T18).
 */
final class QuotaAccounts {
    private final ZnodeTree tree;

    QuotaAccounts(ZnodeTree tree) {
        this.tree = tree;
    }

    void onCreated(String path, Znode node) {
        if (QuotaIndex.isBelowQuota(path)) {
            String limited = QuotaIndex.subjectOfLimits(path);
            if (limited != null) {
                tree.quotas().track(limited);
            }
            String counted = QuotaIndex.subjectOfStats(path);
            if (counted != null) {
                recount(counted);
            }
        }
        add(tree.quotas().prefixOf(path), 1, node.dataLength());
    }

    void onDeleted(String path, Znode last) {
        String limited = QuotaIndex.subjectOfLimits(path);
        if (limited != null) {
            tree.quotas().untrack(limited);
        }
        String prefix = tree.quotas().prefixOf(path);
        if (prefix != null && last.childCount() > 0) {
            recount(prefix);
        } else {
            add(prefix, -1, -last.dataLength());
        }
    }

    /** What {@link #onDataChanged} wants to know before the change; not looked up where there is no quota. */
    int lengthOf(String path) {
        Znode node = tree.quotas().size() == 0 ? null : tree.find(path);
        return node == null ? 0 : node.dataLength();
    }

    void onDataChanged(String path, int lengthBefore, int lengthAfter) {
        if (lengthBefore != lengthAfter) {
            add(tree.quotas().prefixOf(path), 0, lengthAfter - lengthBefore);
        }
    }

    /** Finds all quotas and counts all usage anew; the end of a load (spec persistence 4.7). */
    void rebuild() {
        for (String path : tree.descendantsOf(ZnodePath.QUOTA)) {
            String limited = QuotaIndex.subjectOfLimits(path);
            Znode node = limited == null ? null : tree.find(path);
            if (limited != null && node != null && node.childCount() == 0) {
                tree.quotas().track(limited);
                recount(limited);
            }
        }
    }

    private void recount(String prefix) {
        String path = QuotaIndex.statsPath(prefix);
        if (tree.find(path) != null) {
            SubtreeSize size = tree.sizeOf(prefix);
            tree.overwriteData(
                    path, new QuotaText(size.nodes(), size.dataBytes(), QuotaText.NONE, QuotaText.NONE).encode());
        }
    }

    private void add(@Nullable String prefix, long countDelta, long bytesDelta) {
        if (prefix == null) {
            return;
        }
        String path = QuotaIndex.statsPath(prefix);
        Znode stats = tree.find(path);
        if (stats != null) {
            tree.overwriteData(
                    path,
                    QuotaText.parse(stats.data()).plus(countDelta, bytesDelta).encode());
        }
    }
}
