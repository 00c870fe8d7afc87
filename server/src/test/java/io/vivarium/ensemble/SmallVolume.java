/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

import io.vivarium.testkit.process.EnsembleMember;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A volume of memory with a few megabytes, mounted on the data directory of a member that is down. Thread: test.
 *
 * <p>Where mounts are not permitted the test is skipped, and says so.
 */
final class SmallVolume implements AutoCloseable {
    private static final int MOUNT_SECONDS = 20;
    private static final int BLOCK_BYTES = 4096;

    private final Path directory;

    private SmallVolume(Path directory) {
        this.directory = directory;
    }

    static SmallVolume under(EnsembleMember member, int megabytes) throws IOException, InterruptedException {
        Path directory = member.process().dataDirectory();
        String refused = run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", directory.toString());
        if (!refused.isEmpty()) {
            System.err.println("SKIPPED: no volume can be mounted here, so no full disk is tested: " + refused);
            Assumptions.abort("no volume can be mounted here: " + refused);
        }
        // What the ensemble had written there is hidden now.
        member.wipe();
        return new SmallVolume(directory);
    }

    /** Takes all the room there is. */
    void fill() throws IOException {
        try (FileChannel file = FileChannel.open(filler(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
            while (true) {
                file.write(block.clear());
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw e;
            }
        }
    }

    void free() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return directory.resolve("filler");
    }

    /** The member has to be down. */
    @Override
    public void close() throws IOException {
        try {
            // Lazily: a process that was killed may still be on its way out.
            String refused = run("umount", "-l", directory.toString());
            if (!refused.isEmpty()) {
                throw new IOException("cannot unmount " + directory + ": " + refused);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the command had to say against it; empty if it did what it was asked. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(MOUNT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return String.join(" ", command) + " did not end within " + MOUNT_SECONDS + " s";
        }
        return process.exitValue() == 0 ? "" : "exit code " + process.exitValue() + ": " + said.strip();
    }
}
