/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.purge;

import io.vivarium.persistence.disk.DataFileName;
import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.journal.SegmentFile;
import io.vivarium.persistence.snapshot.SnapshotFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.text.DateFormat;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Deletes snapshots and logs that the newest snapshots do not need (spec persistence 6.2).
 *
 * <p>Thread: {@code snapshot}, or a command line. Each removal is one line {@code Removing file: <date><TAB><path>}.
 * Stock also deletes files whose name starts with {@code log.} or {@code snapshot.} but holds no zxid ({@code log.old});
 * they are kept here, with a line that says so: what we do not understand is not ours to delete (trap T19).
 */
public final class Purge {
    /** Fewer are not enough to survive a damaged newest snapshot. */
    public static final int MIN_RETAIN = 3;

    private final Disk disk;
    private final Path snapshots;
    private final Path logs;
    private final InstantSource clock;

    /** @param snapshots the {@code version-2} directory of the snapshots; {@code logs}: that of the logs */
    public Purge(Disk disk, Path snapshots, Path logs, InstantSource clock) {
        this.disk = disk;
        this.snapshots = snapshots;
        this.logs = logs;
        this.clock = clock;
    }

    /**
     * Deletes what is not needed for the newest {@code retain} snapshots.
     *
     * @return number of files deleted
     * @throws IllegalArgumentException if {@code retain} is below {@link #MIN_RETAIN}
     */
    public int run(int retain, PrintStream out) throws IOException {
        if (retain < MIN_RETAIN) {
            throw new IllegalArgumentException("count should be greater than or equal to " + MIN_RETAIN);
        }
        List<SnapshotFile> kept = SnapshotFile.listPlausible(disk, snapshots, retain);
        if (kept.isEmpty()) {
            return 0;
        }
        long oldest = kept.get(kept.size() - 1).zxid();
        Set<Path> needed = new HashSet<>();
        // A snapshot restores its zxid; replay goes on behind it, in the file that holds that record.
        for (SegmentFile file : SegmentFile.listFrom(disk, logs, oldest)) {
            needed.add(file.path());
        }
        return deleteBelow(logs, DataFileName.LOG_PREFIX, oldest, needed, out)
                + deleteBelow(snapshots, DataFileName.SNAPSHOT_PREFIX, oldest, needed, out);
    }

    private int deleteBelow(Path directory, String prefix, long zxid, Set<Path> needed, PrintStream out)
            throws IOException {
        int deleted = 0;
        for (String name : disk.list(directory)) {
            Path path = directory.resolve(name);
            if (!name.startsWith(prefix + ".") || needed.contains(path)) {
                continue;
            }
            Optional<DataFileName> parsed = DataFileName.parse(name, prefix);
            if (parsed.isEmpty()) {
                out.println("Keeping file whose name holds no zxid: " + path);
            } else if (parsed.get().zxid() < zxid) {
                deleted += delete(path, out);
            }
        }
        return deleted;
    }

    private int delete(Path path, PrintStream out) {
        String now = DateFormat.getDateTimeInstance().format((Object) clock.millis());
        out.println("Removing file: " + now + "\t" + path);
        try {
            disk.delete(path);
            return 1;
        } catch (IOException e) {
            out.println("Failed to remove " + path + ": " + e.getMessage());
            return 0;
        }
    }
}
