/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a watch costs, texts of paths included: a million watches of a thousand watchers, each on a path of its own. */
class WatchMemoryTest {
    private static final int WATCHERS = 1000;
    private static final int WATCHES_EACH = 1000;
    private static final int LIMIT_BYTES = 40;

    @Test
    void aWatchTakesAtMost40Bytes() {
        List<Watcher> watchers = new ArrayList<>();
        for (int i = 0; i < WATCHERS; i++) {
            watchers.add(new TestWatcher("w"));
        }
        long before = usedBytes();
        WatchTable table = new WatchTable();
        for (int i = 0; i < WATCHERS; i++) {
            for (int j = 0; j < WATCHES_EACH; j++) {
                // 25 characters, as in /services/node-1001/k1001.
                table.watchData("/services/node-" + (1000 + i) + "/k" + (1000 + j), watchers.get(i));
            }
        }
        double bytesPerWatch = (double) (usedBytes() - before) / table.size();
        System.out.printf("bytes per watch: %.1f%n", bytesPerWatch);
        assertThat(table.size()).isEqualTo(WATCHERS * WATCHES_EACH);
        assertThat(bytesPerWatch).isLessThanOrEqualTo(LIMIT_BYTES);
        watchers.forEach(table::removeAll);
        assertThat(usedBytes() - before)
                .as("bytes left when all watchers are gone")
                .isLessThan(1 << 20);
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
