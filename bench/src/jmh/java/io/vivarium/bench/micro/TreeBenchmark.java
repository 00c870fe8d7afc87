/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.micro;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import io.vivarium.server.tree.ApplyResult;
import io.vivarium.server.tree.ChangeListener;
import io.vivarium.server.tree.PathBatch;
import io.vivarium.server.tree.SessionChanges;
import io.vivarium.server.tree.TreeConfig;
import io.vivarium.server.tree.TxnApplier;
import io.vivarium.server.tree.Znode;
import io.vivarium.server.tree.ZnodeTree;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Looking up and changing random nodes. A small tree stands in the processor's caches; what a large one costs more is the
 * memory's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TreeBenchmark {
    private static final int CHILDREN = 1_000;

    @Param({"1000", "200000", "2000000"})
    private int nodes;

    private final ZnodeTree tree = new ZnodeTree(TreeConfig.DEFAULT);
    private final TxnApplier applier = new TxnApplier(tree, new NoSessions());
    private final byte[] data = new byte[100];
    private final PathBatch batch = new PathBatch();
    /** In random order, and made in it: to walk along them waits for no memory. */
    private String[] paths = new String[0];

    private byte[][] rawPaths = new byte[0][];
    private int next;
    private long zxid;

    @Setup
    public void fill() {
        paths = new String[nodes];
        rawPaths = new byte[nodes][];
        int[] numbers = new int[nodes];
        apply(OpCode.CREATE, create("/bench"));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < nodes; i++) {
            if (i % CHILDREN == 0) {
                apply(OpCode.CREATE, create("/bench/p" + i / CHILDREN));
            }
            apply(OpCode.CREATE, create(path(i)));
            int other = random.nextInt(i + 1);
            numbers[i] = numbers[other];
            numbers[other] = i;
        }
        for (int i = 0; i < nodes; i++) {
            paths[i] = path(numbers[i]);
            rawPaths[i] = paths[i].getBytes(StandardCharsets.UTF_8);
        }
    }

    private static String path(int number) {
        return "/bench/p" + number / CHILDREN + "/n" + number % CHILDREN;
    }

    private int next() {
        next = next + 1 == paths.length ? 0 : next + 1;
        return next;
    }

    @Benchmark
    public @Nullable Znode findByText() {
        return tree.find(paths[next()]);
    }

    /** As a read finds it: by the bytes of the request. */
    @Benchmark
    public @Nullable Znode findByBytes() {
        byte[] path = rawPaths[next()];
        return tree.find(path, 0, path.length);
    }

    /** As the reads of a burst are found; the time of one of them. */
    @Benchmark
    @OperationsPerInvocation(PathBatch.MOST)
    public @Nullable Znode findTogether() {
        batch.clear();
        while (batch.size() < PathBatch.MOST) {
            batch.add(paths[next()]);
        }
        tree.find(batch);
        return batch.node(0);
    }

    @Benchmark
    public ApplyResult setData() {
        return apply(OpCode.SET_DATA, new Txn.SetData(paths[next()], data, 1));
    }

    @Benchmark
    public ApplyResult createAndDelete() {
        apply(OpCode.CREATE, create("/bench/p0/another"));
        return apply(OpCode.DELETE, new Txn.Delete("/bench/p0/another"));
    }

    private Txn create(String path) {
        return new Txn.Create(path, data, Acl.OPEN, false, -1);
    }

    private ApplyResult apply(int type, Txn body) {
        return applier.apply(new TxnHeader(1, 1, ++zxid, 1, type), body, null, ChangeListener.NONE);
    }

    /** Nobody has a session here. */
    private static final class NoSessions implements SessionChanges {
        @Override
        public void cleared() {}

        @Override
        public void created(long id, int timeoutMillis) {}

        @Override
        public void closed(long id) {}
    }
}
