/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import io.vivarium.persistence.disk.DataFileName;
import io.vivarium.persistence.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where the files are (spec persistence 1).
 *
 * @param snapshots {@code dataDir/version-2}: snapshots and epoch files
 * @param logs {@code dataLogDir/version-2}; the same directory if {@code dataLogDir} is not set
 */
public record DataDirectories(Path snapshots, Path logs) {
    private static final String VERSION = "version-2";
    private static final String INITIALIZE = "initialize";

    public static DataDirectories of(Path dataDir, Path dataLogDir) {
        return new DataDirectories(dataDir.resolve(VERSION), dataLogDir.resolve(VERSION));
    }

    /** The marker that an empty member may make a new database; beside the log directory (spec persistence 1.1). */
    Path initializeMarker() {
        return logs.resolveSibling(INITIALIZE);
    }

    /** The checks of spec persistence 1.2, in their order and with their words. */
    void check(Disk disk, RecoveryConfig config) throws IOException {
        check(disk, logs, "data", config);
        check(disk, snapshots, "snap", config);
        if (logs.equals(snapshots)) {
            return;
        }
        refuseMixture(disk, logs, DataFileName.SNAPSHOT_PREFIX, "Log directory has snapshot files.");
        refuseMixture(disk, snapshots, DataFileName.LOG_PREFIX, "Snapshot directory has log files.");
    }

    private static void check(Disk disk, Path directory, String kind, RecoveryConfig config) throws IOException {
        if (!disk.isDirectory(directory)) {
            if (!config.autocreateDirectories()) {
                throw fault("Missing " + kind + " directory " + directory
                        + ", automatic data directory creation is disabled (zookeeper.datadir.autocreate is false)."
                        + " Please create this directory manually.");
            }
            try {
                disk.createDirectories(directory);
            } catch (IOException e) {
                throw new RecoveryException(
                        RecoveryException.Fault.DIRECTORY, "Unable to create " + kind + " directory " + directory, e);
            }
        }
        if (!disk.isWritable(directory)) {
            throw fault("Cannot write to " + kind + " directory " + directory);
        }
    }

    private static void refuseMixture(Disk disk, Path directory, String prefix, String found) throws IOException {
        for (String name : disk.list(directory)) {
            if (name.startsWith(prefix + ".")) {
                throw fault(found + " Check if dataLogDir and dataDir configuration is correct.");
            }
        }
    }

    private static RecoveryException fault(String message) {
        return new RecoveryException(RecoveryException.Fault.DIRECTORY, message);
    }
}
