/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

import java.util.Locale;

/** The named workloads: what they do and their usual shape. Thread: any. */
public enum Workload {
    R1(Kind.STEADY, "getData of random nodes, 16 sessions x 32 in flight", 16, 32, 100, 200_000),
    R2(Kind.STEADY, "getData of random nodes, 48 sessions x 1 in flight", 48, 1, 100, 200_000),
    W1(Kind.STEADY, "setData of random nodes, 16 sessions x 32 in flight", 16, 32, 0, 200_000),
    W2(Kind.STEADY, "setData of random nodes, 48 sessions x 1 in flight", 48, 1, 0, 200_000),
    X1(Kind.STEADY, "80 % getData, 20 % setData, 16 sessions x 32 in flight", 16, 32, 80, 200_000),
    C1(Kind.GROWTH, "create nodes, 1,000 to a parent, 8 sessions x 100 in flight", 8, 100, 0, 1_000_000),
    M1(Kind.GROWTH, "live heap of each znode after C1, and peak resident memory", 8, 100, 0, 1_000_000),
    M2(Kind.WATCHES, "1,000 watches in each of 1,000 sessions: memory, add rate, fire rate", 1_000, 32, 100, 10_000),
    S1(Kind.GROWTH, "restart to serving with the tree of C1", 1, 1, 100, 1_000_000),
    S2(Kind.GROWTH, "snapshot of the tree of C1 while W1 runs: longest pause, lost throughput", 16, 32, 0, 1_000_000),
    S3(Kind.TREE_SIZE, "W1 with 2,000,000 nodes against W1 with 1,000 nodes", 16, 32, 0, 2_000_000),
    G1(Kind.LISTING, "getChildren of a parent with 100,000 children, 4 sessions x 1", 4, 1, 100, 100_000),
    E1(Kind.ENSEMBLE, "W1 through three servers", 16, 32, 0, 200_000),
    E2(Kind.ENSEMBLE, "X1 through three servers", 16, 32, 80, 200_000),
    E3(Kind.ENSEMBLE, "setData through three servers, one session, one write in flight", 1, 1, 0, 200_000),
    F1(Kind.IDLE_CROWD, "W2 beside 20,000 idle sessions that ping", 48, 1, 0, 200_000);

    /** How a workload is prepared and run. */
    public enum Kind {
        /** A mix of reads and writes on a tree that stands. */
        STEADY,
        /** Builds a large tree; what follows uses it. */
        GROWTH,
        /** Registers and fires watches. */
        WATCHES,
        /** The same load on a large and on a small tree. */
        TREE_SIZE,
        /** Lists one parent with many children. */
        LISTING,
        /** A steady mix through three servers. */
        ENSEMBLE,
        /** A steady mix beside many idle sessions. */
        IDLE_CROWD
    }

    private final Kind kind;
    private final String title;
    private final int sessions;
    private final int depth;
    private final int readPercent;
    private final int nodes;

    Workload(Kind kind, String title, int sessions, int depth, int readPercent, int nodes) {
        this.kind = kind;
        this.title = title;
        this.sessions = sessions;
        this.depth = depth;
        this.readPercent = readPercent;
        this.nodes = nodes;
    }

    public Kind kind() {
        return kind;
    }

    /** True for a mix that goes on as long as one likes, at a rate of one's own if need be. */
    public boolean isSteady() {
        return kind == Kind.STEADY || kind == Kind.ENSEMBLE;
    }

    public String title() {
        return title;
    }

    /** True if a running server is all it needs; the others start, stop or look into server processes. */
    public boolean runsAgainstAnyServer() {
        switch (this) {
            case M1, S1, S2, S3:
                return false;
            default:
                return true;
        }
    }

    /** The usual shape: closed loop, 100 bytes of data, 5 seconds of warm-up, 15 seconds measured. */
    public LoadSpec defaults() {
        return new LoadSpec(sessions, depth, 0, readPercent, nodes, LoadSpec.USUAL_DATA_BYTES, 5, 15, 1);
    }

    /** Finds a workload by its name in any case. */
    public static Workload of(String name) {
        for (Workload workload : values()) {
            if (workload.name().equals(name.trim().toUpperCase(Locale.ROOT))) {
                return workload;
            }
        }
        throw new IllegalArgumentException("no workload '" + name + "'; 'zkBench.sh list' shows all");
    }
}
