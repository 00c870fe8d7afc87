/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.metrics.Summary;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long a start took, part by part, for reports. Thread: the one that starts the server. */
final class LoadTimes {
    private static final Logger LOG = LoggerFactory.getLogger(LoadTimes.class);

    private final LongSupplier nanoClock;
    private final Recorder recorder;
    private final long began;
    private long replayBegan;
    private long replayed;

    LoadTimes(LongSupplier nanoClock, Recorder recorder) {
        this.nanoClock = nanoClock;
        this.recorder = recorder;
        this.began = nanoClock.getAsLong();
    }

    /** A transaction is about to be replayed. */
    void replaying() {
        if (replayed++ == 0) {
            replayBegan = nanoClock.getAsLong();
        }
    }

    void loaded(long lastZxid, long digest) {
        long now = nanoClock.getAsLong();
        recorder.recordNanos(Summary.DBINITTIME, now - began);
        recorder.recordNanos(Summary.STARTUP_SNAP_LOAD_TIME, (replayed == 0 ? now : replayBegan) - began);
        if (replayed > 0) {
            recorder.recordNanos(Summary.STARTUP_TXNS_LOAD_TIME, now - replayBegan);
            recorder.record(Summary.STARTUP_TXNS_LOADED, replayed);
        }
        LOG.info(
                "Snapshot loaded in {} ms, highest zxid is {}, digest is {}",
                (now - began) / 1_000_000,
                Zxid.toString(lastZxid),
                digest);
    }
}
