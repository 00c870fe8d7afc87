/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.model;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.disk.DiskFile;
import io.vivarium.persistence.disk.VolumeSpace;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that may forget, in a crash, what was not synced.
 *
 * <p>Thread: one. Contents become durable by {@link DiskFile#sync}, names by {@link #syncDirectory}. At {@link #crash}
 * each file keeps its synced contents and as many of the later writes as the {@link Loss} allows; names keep a prefix of
 * the unsynced changes, as a file system with a log of its own does. An open file is dead after a crash.
 */
public final class SimDisk implements Disk {
    private static final int SECTOR_BYTES = 512;

    /** Which unsynced writes survive a crash. */
    public enum Loss {
        /** The first so many, the last of them perhaps in part: a torn tail. */
        TAIL,
        /** Any sectors of any of them: holes. */
        SECTORS
    }

    /** @param bytes null: the file ends at the position from here on */
    private record Write(long position, byte @Nullable [] bytes) {}

    private static final class Content {
        final SimBytes durable = new SimBytes();
        final SimBytes current = new SimBytes();
        final List<Write> unsynced = new ArrayList<>();

        /** Everything that still can be written has been. */
        void settle() {
            for (Write write : unsynced) {
                if (write.bytes == null) {
                    durable.cut(write.position);
                } else {
                    durable.put(write.position, write.bytes, 0, write.bytes.length);
                }
            }
            unsynced.clear();
        }
    }

    private final Map<Path, Content> durableNames = new TreeMap<>();
    private final TreeMap<Path, Content> names = new TreeMap<>();
    /** States of the names after each unsynced change, oldest first. */
    private final List<Map<Path, Content>> nameHistory = new ArrayList<>();

    private final Set<Path> directories = new HashSet<>();
    /** Until the power fails; -1: it does not. */
    private int operationsLeft = -1;

    private int generation;
    private long syncs;
    private @Nullable IOException failNextSync;
    /** Until the disk fails; -1: it works. */
    private int worksFor = -1;

    private @Nullable IOException failure;
    private VolumeSpace space = VolumeSpace.UNKNOWN;

    /** Number of successful {@link DiskFile#sync} calls. */
    public long syncs() {
        return syncs;
    }

    /**
     * Makes the next sync of any file fail. As with a real kernel its unsynced writes are then never made durable: a reader
     * sees them, and a later sync succeeds without them.
     */
    public void failNextSync(IOException cause) {
        failNextSync = cause;
    }

    /** Every change after {@code operations} more fails with this cause, until {@link #worksAgain}; reading works. */
    public void failsAfter(int operations, IOException cause) {
        worksFor = operations;
        failure = cause;
    }

    public void worksAgain() {
        worksFor = -1;
        failure = null;
    }

    /** What {@link #space} answers from now on. */
    public void hasSpace(VolumeSpace space) {
        this.space = space;
    }

    @Override
    public VolumeSpace space(Path directory) {
        return space;
    }

    /** Takes a directory and what is in it away, as an operator does; what is open stays open. */
    public void deleteDirectory(Path directory) {
        directories.remove(directory);
        names.keySet().removeIf(path -> directory.equals(path.getParent()));
        durableNames.keySet().removeIf(path -> directory.equals(path.getParent()));
        nameHistory.clear();
    }

    /** Power goes before the operation that follows {@code operations} more; all fail until {@link #crash}. */
    public void powerFailsAfter(int operations) {
        operationsLeft = operations;
    }

    private void spend() throws IOException {
        if (operationsLeft == 0) {
            throw new IOException("the power is gone");
        }
        if (operationsLeft > 0) {
            operationsLeft--;
        }
        IOException cause = failure;
        if (cause != null && worksFor == 0) {
            throw new IOException(cause.getMessage(), cause);
        }
        if (worksFor > 0) {
            worksFor--;
        }
    }

    /** Power goes and comes back. */
    public void crash(RandomGenerator dice, Loss loss) {
        generation++;
        operationsLeft = -1;
        int kept = nameHistory.isEmpty() ? 0 : dice.nextInt(nameHistory.size() + 1);
        Map<Path, Content> survivors = new LinkedHashMap<>(kept == 0 ? durableNames : nameHistory.get(kept - 1));
        names.clear();
        names.putAll(survivors);
        durableNames.clear();
        durableNames.putAll(survivors);
        nameHistory.clear();
        // One after the other in order of names, or a seed would not repeat.
        for (Content content : names.values()) {
            lose(content, dice, loss);
        }
    }

    private static void lose(Content content, RandomGenerator dice, Loss loss) {
        SimBytes bytes = content.durable;
        if (loss == Loss.TAIL) {
            int kept = content.unsynced.isEmpty() ? 0 : dice.nextInt(content.unsynced.size() + 1);
            for (int i = 0; i < kept; i++) {
                Write write = content.unsynced.get(i);
                if (write.bytes == null) {
                    bytes.cut(write.position);
                    continue;
                }
                int length = i == kept - 1 ? dice.nextInt(write.bytes.length + 1) : write.bytes.length;
                bytes.put(write.position, write.bytes, 0, length);
            }
        } else {
            for (Write write : content.unsynced) {
                if (write.bytes == null) {
                    bytes.cut(write.position);
                    continue;
                }
                for (int from = 0; from < write.bytes.length; from += SECTOR_BYTES) {
                    if (dice.nextBoolean()) {
                        int length = Math.min(SECTOR_BYTES, write.bytes.length - from);
                        bytes.put(write.position + from, write.bytes, from, length);
                    }
                }
            }
        }
        content.current.become(bytes.copy());
        content.unsynced.clear();
    }

    private void renamed() {
        nameHistory.add(new LinkedHashMap<>(names));
    }

    /** The bytes of a file as a reader sees them now. */
    public byte[] contents(Path file) throws IOException {
        return content(file).current.copy();
    }

    /** Puts a file there, durably, as if it had always been. */
    public void put(Path file, byte[] bytes) {
        Content content = new Content();
        content.durable.become(bytes.clone());
        content.current.become(bytes.clone());
        names.put(file, content);
        durableNames.put(file, content);
        for (Map<Path, Content> state : nameHistory) {
            state.put(file, content);
        }
    }

    private Content content(Path file) throws IOException {
        Content content = names.get(file);
        if (content == null) {
            throw new FileNotFoundException(file + " does not exist");
        }
        return content;
    }

    @Override
    public List<String> list(Path directory) {
        List<String> found = new ArrayList<>();
        // What is in a directory follows it in the order of paths, and is in the order of names.
        for (Path path : names.tailMap(directory, false).keySet()) {
            if (!path.startsWith(directory)) {
                break;
            }
            if (path.getNameCount() == directory.getNameCount() + 1) {
                found.add(path.getFileName().toString());
            }
        }
        return found;
    }

    @Override
    public boolean exists(Path path) {
        return names.containsKey(path) || directories.contains(path);
    }

    @Override
    public boolean isDirectory(Path path) {
        return directories.contains(path);
    }

    @Override
    public boolean isWritable(Path path) {
        return exists(path);
    }

    @Override
    public void createDirectories(Path directory) {
        directories.add(directory);
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        spend();
        if (!directories.contains(file.getParent())) {
            throw new FileNotFoundException(file.getParent() + " does not exist");
        }
        Content content = new Content();
        names.put(file, content);
        renamed();
        return new SimFile(file, content);
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return new SimFile(file, content(file));
    }

    @Override
    public DiskFile openReadOnly(Path file) throws IOException {
        return open(file);
    }

    @Override
    public long size(Path file) throws IOException {
        return content(file).current.length();
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        spend();
        names.put(to, content(from));
        names.remove(from);
        renamed();
    }

    @Override
    public void delete(Path file) throws IOException {
        spend();
        if (names.remove(file) != null) {
            renamed();
        }
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        spend();
        // That of another directory may be a disk of its own, and stays as it is.
        settle(directory, durableNames);
        for (Map<Path, Content> then : nameHistory) {
            settle(directory, then);
        }
        if (durableNames.equals(names)) {
            nameHistory.clear();
        }
    }

    /** Gives a directory of older names the names of now. */
    private void settle(Path directory, Map<Path, Content> then) {
        then.keySet().removeIf(path -> directory.equals(path.getParent()));
        names.forEach((path, content) -> {
            if (directory.equals(path.getParent())) {
                then.put(path, content);
            }
        });
    }

    private final class SimFile implements DiskFile {
        private final Path path;
        private final Content content;
        private final int born = generation;

        SimFile(Path path, Content content) {
            this.path = path;
            this.content = content;
        }

        private void alive() throws IOException {
            if (born != generation) {
                throw new IOException(path + " was open when the power went");
            }
        }

        @Override
        public Path path() {
            return path;
        }

        @Override
        public long size() {
            return content.current.length();
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            alive();
            return content.current.read(into, position);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            alive();
            spend();
            byte[] bytes = new byte[from.remaining()];
            from.get(bytes);
            content.current.put(position, bytes, 0, bytes.length);
            content.unsynced.add(new Write(position, bytes));
        }

        @Override
        public void truncate(long size) throws IOException {
            alive();
            spend();
            content.current.cut(size);
            content.unsynced.add(new Write(size, null));
        }

        @Override
        public void sync() throws IOException {
            alive();
            boolean lies = worksFor == 0;
            try {
                spend();
            } catch (IOException e) {
                if (lies) {
                    content.unsynced.clear();
                }
                throw e;
            }
            IOException once = failNextSync;
            if (once != null) {
                failNextSync = null;
                content.unsynced.clear();
                throw once;
            }
            content.settle();
            syncs++;
        }

        @Override
        public void close() {}
    }
}
