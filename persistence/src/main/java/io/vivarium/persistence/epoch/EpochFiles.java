/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.epoch;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * {@code currentEpoch} and {@code acceptedEpoch} beside the snapshots (spec persistence 1.4).
 *
 * <p>Thread: {@code journal}, or {@code main} at start. A value is durable when its method returns: file synced, renamed
 * over the old one, directory synced (stock leaves out the last step). Content is decimal ASCII without newline. What
 * stock leaves behind in the middle of a change ({@code currentEpoch.tmp}, 3.4's {@code updatingEpoch}) is not looked at:
 * see {@link EpochDecision}.
 */
public final class EpochFiles {
    public static final String CURRENT = "currentEpoch";
    public static final String ACCEPTED = "acceptedEpoch";
    private static final String LEFTOVER_SUFFIX = ".tmp";
    /** More digits than a long has. */
    private static final int MAX_BYTES = 64;

    private final Disk disk;
    private final Path directory;

    /** @param directory the {@code version-2} directory of the snapshots */
    public EpochFiles(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    /** What {@code currentEpoch} says. */
    public StoredEpoch current() throws IOException {
        return read(CURRENT);
    }

    /** What {@code acceptedEpoch} says. */
    public StoredEpoch accepted() throws IOException {
        return read(ACCEPTED);
    }

    /**
     * Makes the files say what was decided, for good. The accepted epoch goes first, so that it is never below the current
     * one.
     */
    public void settle(EpochDecision decision) throws IOException {
        settle(ACCEPTED, decision.accepted());
        settle(CURRENT, decision.current());
    }

    /**
     * What can be read need not be on the disk: the process before this one may have died between the rename and the sync of
     * the directory, or have seen a sync fail, and then a promise that was read is forgotten with the power. So what stands
     * there already is written again, in its place: a disk without room for another file has room for that.
     */
    private void settle(String name, long epoch) throws IOException {
        if (!read(name).equals(StoredEpoch.known(epoch))) {
            store(name, epoch);
            return;
        }
        try (DiskFile file = disk.open(directory.resolve(name))) {
            // Byte for byte: other writers may have put zeros in front of the number, or lines behind it.
            file.write(contents(file), 0);
            file.sync();
        }
        disk.syncDirectory(directory);
    }

    public void storeCurrent(long epoch) throws IOException {
        store(CURRENT, epoch);
    }

    public void storeAccepted(long epoch) throws IOException {
        store(ACCEPTED, epoch);
    }

    private void store(String name, long epoch) throws IOException {
        Path target = directory.resolve(name);
        Path leftover = directory.resolve(name + LEFTOVER_SUFFIX);
        try (DiskFile file = disk.create(leftover)) {
            file.write(ByteBuffer.wrap(Long.toString(epoch).getBytes(StandardCharsets.US_ASCII)), 0);
            file.sync();
        } catch (IOException e) {
            try {
                disk.delete(leftover);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        disk.rename(leftover, target);
        disk.syncDirectory(directory);
    }

    private StoredEpoch read(String name) throws IOException {
        Path path = directory.resolve(name);
        if (!disk.exists(path)) {
            return StoredEpoch.ABSENT;
        }
        String text;
        try (DiskFile file = disk.openReadOnly(path)) {
            text = StandardCharsets.US_ASCII.decode(contents(file)).toString();
        }
        return StoredEpoch.parse(text.lines().findFirst().orElse(""));
    }

    private static ByteBuffer contents(DiskFile file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
        while (bytes.hasRemaining() && file.read(bytes, bytes.position()) >= 0) {
            // A short read; go on.
        }
        return bytes.flip();
    }
}
