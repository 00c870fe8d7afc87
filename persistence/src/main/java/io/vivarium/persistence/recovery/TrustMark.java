/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The file {@value #NAME} beside the epoch files: as long as it is there, the history in this directory may lack what this
 * member has acknowledged (spec quorum 7.1, design notes).
 *
 * <p>It is made before anything is given up and removed when a sync with a leader has completed, so a restart between the
 * two does not forget it. Its content is for people. Stock takes no notice of it. Thread: {@code journal}, {@code main}
 * at start; every method is durable when it returns.
 */
public final class TrustMark {
    public static final String NAME = "history.untrusted";

    private final Disk disk;
    private final Path file;

    public TrustMark(Disk disk, DataDirectories directories) {
        this.disk = disk;
        this.file = directories.snapshots().resolve(NAME);
    }

    public Path file() {
        return file;
    }

    public boolean isSet() {
        return disk.exists(file);
    }

    /** Sets the mark; one that is there keeps its reason. */
    public void set(String reason) throws IOException {
        if (isSet()) {
            return;
        }
        try (DiskFile open = disk.create(file)) {
            open.write(ByteBuffer.wrap((reason + "\n").getBytes(StandardCharsets.UTF_8)), 0);
            open.sync();
        }
        disk.syncDirectory(file.toAbsolutePath().getParent());
    }

    /** A leader's history has taken the place of the one that was not trusted. */
    public void clear() throws IOException {
        if (isSet()) {
            disk.delete(file);
            disk.syncDirectory(file.toAbsolutePath().getParent());
        }
    }
}
