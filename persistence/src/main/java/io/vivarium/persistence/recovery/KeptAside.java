/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import io.vivarium.persistence.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Puts damaged files out of the way without losing them: {@code damaged-<n>.<name>} in the same directory.
 *
 * <p>The number is the same for all files of one incident. The old name stands behind, not in front: every server takes
 * {@code snapshot.5.damaged} for a snapshot and removes {@code log.*} when it purges (spec persistence 1.1, traps T12 and
 * T19). Thread: {@code main} at start, {@code journal}.
 */
final class KeptAside {
    private static final String PREFIX = "damaged-";

    private KeptAside() {}

    /**
     * Renames the files, durably, in the order given: a crash leaves the last of them with their old names.
     *
     * @return their new places
     */
    static List<Path> put(Disk disk, DataDirectories directories, Collection<Path> files) throws IOException {
        int incident = 1 + Math.max(last(disk, directories.snapshots()), last(disk, directories.logs()));
        List<Path> kept = new ArrayList<>();
        Path unsynced = null;
        for (Path file : files) {
            Path directory = file.toAbsolutePath().getParent();
            if (unsynced != null && !unsynced.equals(directory)) {
                // Directories may be on different disks, which keep no order between them.
                disk.syncDirectory(unsynced);
            }
            unsynced = directory;
            Path place = file.resolveSibling(PREFIX + incident + "." + file.getFileName());
            disk.rename(file, place);
            kept.add(place);
        }
        if (unsynced != null) {
            disk.syncDirectory(unsynced);
        }
        return kept;
    }

    /** The highest number in use. */
    private static int last(Disk disk, Path directory) throws IOException {
        int last = 0;
        for (String name : disk.list(directory)) {
            int dot = name.indexOf('.');
            if (name.startsWith(PREFIX) && dot > 0) {
                try {
                    last = Math.max(last, Integer.parseInt(name.substring(PREFIX.length(), dot)));
                } catch (NumberFormatException e) {
                    // Somebody else's name.
                }
            }
        }
        return last;
    }
}
