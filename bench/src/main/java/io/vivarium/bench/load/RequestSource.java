/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

import io.netty.buffer.ByteBuf;

/** Gives one session its requests, one after the other. Thread: the session's event loop. */
public interface RequestSource {
    int READ = 0;
    int WRITE = 1;
    /** Nothing was written and nothing will be: the session has done its share. */
    int EXHAUSTED = -1;

    /**
     * Appends the next request as one frame.
     *
     * @return {@link #READ}, {@link #WRITE} or {@link #EXHAUSTED}
     */
    int writeNext(ByteBuf out, int xid);

    /** Makes the source of each session of a job. */
    @FunctionalInterface
    interface Factory {
        RequestSource forSession(int session, int sessions);
    }
}
