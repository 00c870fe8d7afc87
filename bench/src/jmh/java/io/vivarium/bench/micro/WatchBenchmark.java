/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.micro;

import io.vivarium.server.watch.WatchMode;
import io.vivarium.server.watch.WatchMatches;
import io.vivarium.server.watch.WatchTable;
import io.vivarium.server.watch.Watcher;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Setting and firing watches: a hundred sessions watch the same nodes, as the members of a service do. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WatchBenchmark {
    private static final int WATCHERS = 100;

    private final WatchTable table = new WatchTable();
    private final Watcher[] watchers = new Watcher[WATCHERS];
    private final String[] paths = new String[1_000];
    private int next;
    private int fired;
    private final WatchMatches matches = (watcher, eventType, path) -> fired++;

    public WatchBenchmark() {
        for (int i = 0; i < WATCHERS; i++) {
            watchers[i] = new Watcher() {};
        }
        for (int i = 0; i < paths.length; i++) {
            paths[i] = "/services/orders/instances/" + i;
        }
        table.watchPersistently("/services", WatchMode.PERSISTENT_RECURSIVE, watchers[0]);
    }

    /** For each watch: set once, fired once. */
    @Benchmark
    @OperationsPerInvocation(WATCHERS)
    public int setAndFire() {
        String path = paths[Math.floorMod(next++, paths.length)];
        for (Watcher watcher : watchers) {
            table.watchData(path, watcher);
        }
        table.nodeDataChanged(path, matches);
        return fired;
    }

    /** A change nobody watches, but for one recursive watch far above: what every write pays. */
    @Benchmark
    public int fireNothing() {
        table.nodeDataChanged(paths[Math.floorMod(next++, paths.length)], matches);
        return fired;
    }
}
