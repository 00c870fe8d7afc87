/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.metrics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * All recorders of one server, and their sums.
 *
 * <pre>
 *   client-io ----> Recorder --.
 *   core        --> Recorder --+-- report, on the thread that asks --> MetricSink
 *   journal     --> Recorder --|
 *   snapshot    --> Recorder --'
 * </pre>
 *
 * <p>Thread: any.
 */
public final class Metrics implements MetricSource {
    private final List<Recorder> recorders = new CopyOnWriteArrayList<>();

    /** A recorder for one more thread; it lives as long as the server. */
    public Recorder newRecorder() {
        Recorder recorder = new Recorder();
        recorders.add(recorder);
        return recorder;
    }

    /** Begins all counts and measurements anew. */
    public void reset() {
        recorders.forEach(Recorder::askReset);
    }

    public long count(Counter counter) {
        return recorders.stream().mapToLong(recorder -> recorder.count(counter)).sum();
    }

    public SummaryTotal total(Summary summary) {
        SummaryTotal total = new SummaryTotal(summary.detail());
        recorders.forEach(recorder -> recorder.addTo(summary, total));
        return total;
    }

    @Override
    public void report(MetricSink sink) {
        for (Counter counter : Counter.values()) {
            sink.counter(counter.key(), count(counter));
        }
        for (Summary summary : Summary.values()) {
            sink.summary(summary.key(), total(summary));
        }
        Map<String, SummaryTotal> reads = new TreeMap<>();
        Map<String, SummaryTotal> writes = new TreeMap<>();
        for (Recorder recorder : recorders) {
            recorder.addReadsTo(reads);
            recorder.addWritesTo(writes);
        }
        reads.forEach((namespace, bytes) -> sink.summary("read_per_namespace", namespace, bytes));
        writes.forEach((namespace, bytes) -> sink.summary("write_per_namespace", namespace, bytes));
    }
}
