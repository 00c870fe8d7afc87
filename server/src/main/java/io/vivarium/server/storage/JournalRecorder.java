/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.storage;

import io.vivarium.persistence.journal.JournalMeter;
import io.vivarium.server.metrics.Counter;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.metrics.Summary;

/** The costs of the journal under the names that reports have for them (spec operations 5.2). Thread: {@code journal}. */
public final class JournalRecorder implements JournalMeter {
    private final Recorder recorder;

    public JournalRecorder(Recorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void taken(long waitedNanos) {
        recorder.add(Counter.SYNC_PROCESSOR_REQUEST_QUEUED, 1);
        recorder.recordNanos(Summary.SYNC_PROCESSOR_QUEUE_TIME_MS, waitedNanos);
    }

    @Override
    public void synced(int records, int waiting, long nanos) {
        recorder.recordNanos(Summary.FSYNCTIME, nanos);
        recorder.recordNanos(Summary.SYNC_PROCESSOR_QUEUE_FLUSH_TIME_MS, nanos);
        recorder.record(Summary.SYNC_PROCESSOR_BATCH_SIZE, records);
        recorder.record(Summary.SYNC_PROCESSOR_QUEUE_SIZE, waiting);
    }

    @Override
    public void durable(long nanos) {
        recorder.recordNanos(Summary.SYNC_PROCESSOR_QUEUE_AND_FLUSH_TIME_MS, nanos);
    }
}
