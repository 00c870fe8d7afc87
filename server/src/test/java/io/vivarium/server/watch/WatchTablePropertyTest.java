/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compact table does what the table of plain maps does. The seed is in the name of a failing test. */
class WatchTablePropertyTest {
    private static final int STEPS = 5_000;
    private static final Comparator<String> BY_WATCHER =
            Comparator.comparing(event -> event.substring(0, event.indexOf(' ')));

    private final WatchTable table = new WatchTable();
    private final NaiveWatchTable twin = new NaiveWatchTable();
    private final List<Watcher> watchers = new ArrayList<>();

    @ParameterizedTest(name = "seed {0}, few paths, crowds")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void agreesOnFewPaths(long seed) {
        run(new Random(seed), 40, 3);
    }

    @ParameterizedTest(name = "seed {0}, many paths")
    @ValueSource(longs = {11, 12, 13})
    void agreesOnManyPaths(long seed) {
        run(new Random(seed), 6, 20);
    }

    private void run(Random random, int watcherCount, int width) {
        for (int i = 0; i < watcherCount; i++) {
            watchers.add(new TestWatcher("w" + i));
        }
        for (int step = 0; step < STEPS; step++) {
            step(random, width);
            if (step % 500 == 0) {
                compareWhole();
            }
        }
        for (Watcher watcher : watchers) {
            table.removeAll(watcher);
            twin.removeAll(watcher);
            compareWhole();
        }
        assertThat(table.size()).isZero();
    }

    private void step(Random random, int width) {
        Watcher watcher = watchers.get(random.nextInt(watchers.size()));
        String path = path(random, width);
        WatcherType type = Objects.requireNonNull(WatcherType.of(1 + random.nextInt(5)));
        int choice = random.nextInt(1000);
        if (choice < 250) {
            table.watchData(path, watcher);
            twin.watchData(path, watcher);
        } else if (choice < 450) {
            table.watchChildren(path, watcher);
            twin.watchChildren(path, watcher);
        } else if (choice < 520) {
            WatchMode mode = random.nextBoolean() ? WatchMode.PERSISTENT : WatchMode.PERSISTENT_RECURSIVE;
            table.watchPersistently(path, mode, watcher);
            twin.watchPersistently(path, mode, watcher);
        } else if (choice < 620) {
            assertThat(table.remove(path, type, watcher)).isEqualTo(twin.remove(path, type, watcher));
        } else if (choice < 700) {
            assertThat(table.contains(path, type, watcher)).isEqualTo(twin.contains(path, type, watcher));
        } else if (choice < 705) {
            table.removeAll(watcher);
            twin.removeAll(watcher);
        } else {
            compareFiring(choice, path.isEmpty() ? "/" : path);
        }
    }

    private void compareFiring(int choice, String path) {
        List<String> events = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        if (choice < 800) {
            table.nodeCreated(path, recordInto(events));
            twin.nodeCreated(path, recordInto(expected));
        } else if (choice < 900) {
            table.nodeDeleted(path, recordInto(events));
            twin.nodeDeleted(path, recordInto(expected));
        } else {
            table.nodeDataChanged(path, recordInto(events));
            twin.nodeDataChanged(path, recordInto(expected));
        }
        // Order counts per watcher only, and sorting by watcher keeps it.
        events.sort(BY_WATCHER);
        expected.sort(BY_WATCHER);
        assertThat(events).isEqualTo(expected);
    }

    private void compareWhole() {
        assertThat(table.counts()).isEqualTo(twin.counts());
        assertThat(table.size()).isEqualTo(twin.size());
        List<String> listed = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        table.forEachDataWatch((path, watcher) -> listed.add(watcher + " " + path));
        twin.forEachDataWatch((path, watcher) -> expected.add(watcher + " " + path));
        Collections.sort(listed);
        Collections.sort(expected);
        assertThat(listed).isEqualTo(expected);
    }

    private static WatchMatches recordInto(List<String> events) {
        return (watcher, type, path) -> events.add(watcher + " " + type + " " + path);
    }

    private static String path(Random random, int width) {
        if (random.nextInt(50) == 0) {
            return random.nextBoolean() ? "/" : "";
        }
        StringBuilder path = new StringBuilder();
        int depth = 1 + random.nextInt(3);
        for (int i = 0; i < depth; i++) {
            int name = random.nextInt(width);
            // Names of one, two and three bytes per character, and some too long for a block.
            path.append('/')
                    .append(name % 3 == 0 ? "é" : name % 3 == 1 ? "漢" : "")
                    .append(name);
            if (name == 0) {
                path.append("x".repeat(300));
            }
        }
        return path.toString();
    }
}
