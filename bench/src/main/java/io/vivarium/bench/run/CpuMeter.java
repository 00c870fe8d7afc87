/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.run;

/** Processor time used so far, nanoseconds; negative if it is not known. Thread: any. */
@FunctionalInterface
public interface CpuMeter {
    CpuMeter UNKNOWN = () -> -1;

    long cpuNanos();
}
