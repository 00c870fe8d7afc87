/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A temporary folder that goes when it is closed or the program ends. Thread: one. */
public final class WorkDir implements AutoCloseable {
    private final Path path;
    private final Cleanup cleanup;
    private final Runnable end = this::delete;

    private WorkDir(Path path, Cleanup cleanup) {
        this.path = path;
        this.cleanup = cleanup;
    }

    /** Makes a folder below {@code parent}, or below the system's temporary folder. */
    public static WorkDir create(@Nullable Path parent, Cleanup cleanup) throws IOException {
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Path path = parent == null
                ? Files.createTempDirectory("vivarium-bench-")
                : Files.createTempDirectory(parent, "vivarium-bench-");
        WorkDir dir = new WorkDir(path, cleanup);
        cleanup.add(dir.end);
        return dir;
    }

    Cleanup cleanup() {
        return cleanup;
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() {
        cleanup.remove(end);
        delete();
    }

    private void delete() {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (NoSuchFileException e) {
            // Gone already: that is what is wanted.
        } catch (UncheckedIOException e) {
            // The walk met a file that a server, or the other closer, removed under it; the next try finds what is
            // left.
            if (!(e.getCause() instanceof NoSuchFileException)) {
                throw e;
            }
            delete();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + path, e);
        }
    }
}
