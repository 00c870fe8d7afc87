/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.micro;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import io.vivarium.server.tree.ApplyResult;
import io.vivarium.server.tree.ChangeListener;
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
    private final SplittableRandom random = new SplittableRandom(1);
    private final byte[] data = new byte[100];
    private String[] paths = new String[0];
    private byte[][] rawPaths = new byte[0][];
    private long zxid;

    @Setup
    public void fill() {
        paths = new String[nodes];
        rawPaths = new byte[nodes][];
        apply(OpCode.CREATE, create("/bench"));
        for (int i = 0; i < paths.length; i++) {
            if (i % CHILDREN == 0) {
                apply(OpCode.CREATE, create("/bench/p" + i / CHILDREN));
            }
            paths[i] = "/bench/p" + i / CHILDREN + "/n" + i % CHILDREN;
            rawPaths[i] = paths[i].getBytes(StandardCharsets.UTF_8);
            apply(OpCode.CREATE, create(paths[i]));
        }
    }

    @Benchmark
    public @Nullable Znode findByText() {
        return tree.find(paths[random.nextInt(paths.length)]);
    }

    /** As a read finds it: by the bytes of the request. */
    @Benchmark
    public @Nullable Znode findByBytes() {
        byte[] path = rawPaths[random.nextInt(rawPaths.length)];
        return tree.find(path, 0, path.length);
    }

    @Benchmark
    public ApplyResult setData() {
        return apply(OpCode.SET_DATA, new Txn.SetData(paths[random.nextInt(paths.length)], data, 1));
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
        return applier.apply(new TxnHeader(1, 1, ++zxid, 1, type), body, ChangeListener.NONE);
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
