/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.journal.SegmentFile;
import io.vivarium.persistence.snapshot.SnapshotFile;
import io.vivarium.persistence.snapshot.SnapshotWriter;
import io.vivarium.protocol.data.Zxid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A leader's image takes the place of the whole history on disk, in one step (spec quorum 7.1).
 *
 * <pre>
 *   {@link SnapshotWriter#writeReplacement}   the image is durable under a name that is no snapshot's: the step
 *   {@link #finish}             logs go, newest first; snapshots go; the image gets its name
 * </pre>
 *
 * <p>Before the step a start finds the old history and behind it the new one, because a start finishes what it finds begun.
 * Nothing shows that the old files lead up to the image, so none of them may stay: an older snapshot with the log that follows
 * the image would be a tree that never was. Thread: {@code main} at a start, {@code journal}; blocks on the disk.
 */
public final class Replacement {
    private static final Logger LOG = LoggerFactory.getLogger(Replacement.class);

    private Replacement() {}

    /** Finishes what was begun, durably; does nothing where nothing was. */
    public static void finish(Disk disk, DataDirectories directories) throws IOException {
        for (SnapshotFile image : SnapshotFile.listReplacements(disk, directories.snapshots())) {
            removeLogs(disk, directories.logs());
            for (SnapshotFile file : SnapshotFile.list(disk, directories.snapshots())) {
                disk.delete(file.path());
            }
            disk.syncDirectory(directories.snapshots());
            Path place = SnapshotWriter.placeOf(image.path());
            disk.rename(image.path(), place);
            disk.syncDirectory(directories.snapshots());
            LOG.info("The image of {} is the history now: {}", Zxid.toString(image.zxid()), place);
        }
    }

    /** A server that knows nothing of all this would find a prefix of the old history meanwhile. */
    private static void removeLogs(Disk disk, Path directory) throws IOException {
        List<SegmentFile> logs = SegmentFile.list(disk, directory);
        for (int i = logs.size() - 1; i >= 0; i--) {
            disk.delete(logs.get(i).path());
            disk.syncDirectory(directory);
        }
    }
}
