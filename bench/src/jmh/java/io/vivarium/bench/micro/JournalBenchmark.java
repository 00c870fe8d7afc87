/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.micro;

import io.vivarium.persistence.disk.FileDisk;
import io.vivarium.persistence.journal.JournalConfig;
import io.vivarium.persistence.journal.SegmentedJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Appending records of a setData of 100 bytes, in groups as they come under load, with and without the disk's own time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class JournalBenchmark {
    private static final int GROUP = 64;
    private static final int RECORD_BYTES = 190;
    private static final int RECORDS_PER_FILE = 100_000;

    @Param
    private JournalConfig.Durability durability = JournalConfig.Durability.SYNC;

    private final byte[] record = new byte[RECORD_BYTES];
    private Path directory = Path.of("");
    /** Opened by {@link #open}. */
    private SegmentedJournal journal;
    private long zxid;

    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory("journal-benchmark");
        journal = new SegmentedJournal(
                new FileDisk(), directory, JournalConfig.DEFAULT.withDurability(durability), zxid);
    }

    @Benchmark
    @OperationsPerInvocation(GROUP)
    public long appendAndSync() throws IOException {
        for (int i = 0; i < GROUP; i++) {
            zxid++;
            journal.append(zxid, record, 0, record.length);
        }
        journal.sync();
        if (zxid % RECORDS_PER_FILE < GROUP) {
            journal.roll();
            deleteAllButNewest();
        }
        return zxid;
    }

    /** So that a long run does not fill the disk. */
    private void deleteAllButNewest() throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.sorted(Comparator.comparing(Path::toString)).toList();
        }
        for (Path file : files.subList(0, Math.max(0, files.size() - 1))) {
            Files.deleteIfExists(file);
        }
    }

    @TearDown
    public void close() throws IOException {
        journal.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
