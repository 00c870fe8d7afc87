/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.report;

import io.vivarium.bench.load.LoadSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All about one measured run.
 *
 * @param operations answered without an error
 * @param unanswered of an open loop: due when measuring ended, and not answered; latencies count them, operations do not
 * @param serverCpuMicrosPerOp user and system time of the server processes per operation; null if they are not known
 * @param clientCpuMicrosPerOp the same of this driver
 */
public record RunResult(
        String workload,
        String title,
        List<String> servers,
        LoadSpec spec,
        double seconds,
        long operations,
        long unanswered,
        double opsPerSecond,
        LatencySummary latency,
        LatencySummary reads,
        LatencySummary writes,
        double longestGapMillis,
        Map<String, Long> errors,
        long notifications,
        @Nullable Double serverCpuMicrosPerOp,
        @Nullable Double clientCpuMicrosPerOp,
        List<TimePoint> timeLine) {

    public long errorCount() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }
}
