/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.report;

/** Something measured on both sides of a comparison. */
public record Metric(String workload, String name, String unit, Better better) {
    /** Which direction is good. */
    public enum Better {
        /** As of throughput. */
        HIGHER,
        /** As of latency, CPU and memory. */
        LOWER
    }

    /** A value of a metric. */
    public record Value(Metric metric, double value) {}

    public static Value higher(String workload, String name, String unit, double value) {
        return new Value(new Metric(workload, name, unit, Better.HIGHER), value);
    }

    public static Value lower(String workload, String name, String unit, double value) {
        return new Value(new Metric(workload, name, unit, Better.LOWER), value);
    }
}
