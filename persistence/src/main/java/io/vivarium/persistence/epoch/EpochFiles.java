/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.epoch;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.disk.DiskFile;
import io.vivarium.protocol.data.Zxid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * {@code currentEpoch} and {@code acceptedEpoch} beside the snapshots (spec persistence 1.4).
 *
 * <p>Thread: {@code journal}, or {@code main} at start. A value is durable when its method returns: file synced, renamed
 * over the old one, directory synced (stock leaves out the last step). Content is decimal ASCII without newline.
 */
public final class EpochFiles {
    public static final String CURRENT = "currentEpoch";
    public static final String ACCEPTED = "acceptedEpoch";
    private static final String LEFTOVER_SUFFIX = ".tmp";
    /** What 3.4 leaves while it changes the epoch. */
    private static final String UPDATING = "updatingEpoch";
    /** More digits than a long has. */
    private static final int MAX_BYTES = 64;

    private final Disk disk;
    private final Path directory;

    /** @param directory the {@code version-2} directory of the snapshots */
    public EpochFiles(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    /** Both epochs as they stand after {@link #load}. */
    public record Epochs(long current, long accepted) {}

    /**
     * Reads both files at the start of a member, with the repairs that a crash may call for.
     *
     * @param lastZxid last zxid after recovery
     * @throws IOException if the files contradict each other or the log; the message says how
     */
    public Epochs load(long lastZxid) throws IOException {
        // A member that must not vote stands at -1, which belongs to no epoch.
        long zxidEpoch = Math.max(0, Zxid.epoch(lastZxid));
        long current = loadCurrent(zxidEpoch, lastZxid);
        OptionalLong stored = read(ACCEPTED);
        long accepted = stored.orElse(zxidEpoch);
        if (stored.isEmpty()) {
            // Not below currentEpoch: with a log that ends in an older epoch stock would write a value it then refuses.
            accepted = Math.max(zxidEpoch, current);
            storeAccepted(accepted);
        }
        if (accepted < current) {
            throw new IOException(directory.resolve(ACCEPTED) + ": The accepted epoch, " + accepted
                    + " is less than the current epoch, " + current);
        }
        return new Epochs(current, accepted);
    }

    private long loadCurrent(long zxidEpoch, long lastZxid) throws IOException {
        OptionalLong stored = read(CURRENT);
        if (stored.isEmpty()) {
            storeCurrent(zxidEpoch);
            return zxidEpoch;
        }
        long current = stored.getAsLong();
        if (zxidEpoch <= current) {
            return current;
        }
        // A crash between writing the new value and renaming it: the new value was meant.
        OptionalLong leftover = read(CURRENT + LEFTOVER_SUFFIX);
        if (leftover.isPresent() && leftover.getAsLong() >= zxidEpoch) {
            storeCurrent(leftover.getAsLong());
            return leftover.getAsLong();
        }
        if (disk.exists(directory.resolve(UPDATING))) {
            storeCurrent(zxidEpoch);
            disk.delete(directory.resolve(UPDATING));
            return zxidEpoch;
        }
        throw new IOException(directory.resolve(CURRENT) + ": The current epoch, " + current
                + ", is older than the last zxid, " + Zxid.toString(lastZxid));
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

    /** The first line as a number; empty if there is no such file. */
    private OptionalLong read(String name) throws IOException {
        Path path = directory.resolve(name);
        if (!disk.exists(path)) {
            return OptionalLong.empty();
        }
        ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
        try (DiskFile file = disk.openReadOnly(path)) {
            while (bytes.hasRemaining() && file.read(bytes, bytes.position()) >= 0) {
                // A short read; go on.
            }
        }
        String text = StandardCharsets.US_ASCII.decode(bytes.flip()).toString();
        String line = text.lines().findFirst().orElse("").trim();
        try {
            return OptionalLong.of(Long.parseLong(line));
        } catch (NumberFormatException e) {
            if (name.endsWith(LEFTOVER_SUFFIX)) {
                // Its writer did not get far; the value was never in force.
                return OptionalLong.empty();
            }
            throw new IOException(path + ": Found " + line + " where an epoch number is expected", e);
        }
    }
}
