/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Several event loops add and remove at once, as they may under the shared side of the gate. */
class WatchTableThreadsTest {
    private static final int THREADS = 4;
    private static final int PATHS = 20_000;

    @Test
    void concurrentAddsAndRemovalsLoseNothing() throws Exception {
        WatchTable table = new WatchTable();
        List<Watcher> watchers = new ArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService loops = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                Watcher stays = new TestWatcher("stays" + t);
                Watcher leaves = new TestWatcher("leaves" + t);
                watchers.add(stays);
                done.add(loops.submit(() -> {
                    start.await();
                    for (int i = 0; i < PATHS; i++) {
                        table.watchData("/n" + i, stays);
                        table.watchChildren("/n" + i, leaves);
                        if (i % 5000 == 4999) {
                            table.removeAll(leaves);
                        }
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            loops.shutdown();
        }
        assertThat(table.counts()).isEqualTo(new WatchCounts(THREADS, PATHS, THREADS * PATHS));
        assertThat(table.size()).isEqualTo(THREADS * PATHS);
        List<Watcher> told = new ArrayList<>();
        table.nodeDataChanged("/n77", (watcher, type, path) -> told.add(watcher));
        assertThat(told).containsExactlyInAnyOrderElementsOf(watchers);
    }
}
