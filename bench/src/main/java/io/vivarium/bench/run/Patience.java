/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.run;

import java.io.IOException;

/** Ends the wait for servers that do not answer any more. Thread: one. */
final class Patience {
    private static final int MOST_SILENT_TICKS = 120;

    private final String what;
    private int silentTicks;

    Patience(String what) {
        this.what = what;
    }

    /**
     * Told once a second how many operations that second had.
     *
     * @throws IOException after two minutes without any
     */
    void tick(long operations) throws IOException {
        silentTicks = operations > 0 ? 0 : silentTicks + 1;
        if (silentTicks == MOST_SILENT_TICKS) {
            throw new IOException(what + ": no answer for " + MOST_SILENT_TICKS + " s; is the server still there?");
        }
    }
}
