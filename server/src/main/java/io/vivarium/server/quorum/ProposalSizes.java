/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

/**
 * Bytes of the proposals of this leader: of the last, the least and the greatest; -1 before the first (spec operations 3.3).
 *
 * <p>Thread: {@link #proposed} core, everything else any. A reset is done by the core with its next proposal; until then there
 * was none.
 */
public final class ProposalSizes {
    private static final int NONE = -1;

    private volatile int last = NONE;
    private volatile int min = NONE;
    private volatile int max = NONE;
    private volatile boolean resetAsked;

    void proposed(int bytes) {
        if (resetAsked) {
            min = NONE;
            max = NONE;
        }
        last = bytes;
        if (min == NONE || bytes < min) {
            min = bytes;
        }
        if (bytes > max) {
            max = bytes;
        }
        resetAsked = false;
    }

    public void reset() {
        resetAsked = true;
    }

    public int last() {
        return resetAsked ? NONE : last;
    }

    public int min() {
        return resetAsked ? NONE : min;
    }

    public int max() {
        return resetAsked ? NONE : max;
    }
}
