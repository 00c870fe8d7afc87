/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads what Linux knows of a process. Thread: any.
 *
 * <p>Processor time comes in ticks of 10 ms ({@code USER_HZ} is 100 on every Linux that runs Java).
 */
public final class ProcFs {
    private static final long NANOS_PER_TICK = 10_000_000;

    private ProcFs() {}

    /** User and system time of a process, all threads, nanoseconds; -1 if it is gone or there is no /proc. */
    public static long cpuNanos(long pid) {
        try {
            return parseCpuTicks(Files.readString(Path.of("/proc", Long.toString(pid), "stat"))) * NANOS_PER_TICK;
        } catch (IOException e) {
            return -1;
        }
    }

    /** The most memory a process ever had resident, bytes; -1 if it is gone or there is no /proc. */
    public static long peakResidentBytes(long pid) {
        try {
            return parseKilobytes(Files.readString(Path.of("/proc", Long.toString(pid), "status")), "VmHWM:") * 1024;
        } catch (IOException e) {
            return -1;
        }
    }

    /** Fields 14 and 15 of stat. The name in field 2 may hold spaces and brackets, so counting starts behind it. */
    static long parseCpuTicks(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    static long parseKilobytes(String status, String key) {
        for (String line : status.split("\n", -1)) {
            if (line.startsWith(key)) {
                return Long.parseLong(
                        line.substring(key.length()).replace("kB", "").trim());
            }
        }
        throw new IllegalArgumentException("no line " + key + " in process status");
    }
}
