/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;

/** Reads and writes of random nodes in a fixed proportion, without end. Thread: one. */
public final class RandomMix implements RequestSource {
    private final FrameTemplate read;
    private final FrameTemplate write;
    private final int readPercent;
    private final int nodes;
    private final RandomGenerator random;

    public RandomMix(FrameTemplate read, FrameTemplate write, int readPercent, int nodes, RandomGenerator random) {
        if (readPercent < 0 || readPercent > 100) {
            throw new IllegalArgumentException("read percentage " + readPercent + " is not within 0..100");
        }
        if (nodes < 1 || nodes > NodeNames.MAX_NODES) {
            throw new IllegalArgumentException("nodes " + nodes + " is not within 1.." + NodeNames.MAX_NODES);
        }
        this.read = read;
        this.write = write;
        this.readPercent = readPercent;
        this.nodes = nodes;
        this.random = random;
    }

    @Override
    public int writeNext(ByteBuf out, int xid) {
        int node = random.nextInt(nodes);
        if (readPercent == 100 || (readPercent > 0 && random.nextInt(100) < readPercent)) {
            read.write(out, xid, node);
            return READ;
        }
        write.write(out, xid, node);
        return WRITE;
    }
}
