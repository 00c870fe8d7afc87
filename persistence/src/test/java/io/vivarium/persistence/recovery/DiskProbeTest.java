/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.persistence.disk.FileDisk;
import io.vivarium.persistence.disk.VolumeSpace;
import io.vivarium.persistence.model.SimDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskProbeTest {
    private static final DataDirectories DIRS = DataDirectories.of(Path.of("/data"), Path.of("/log"));
    private static final int ROOM = 1 << 20;

    private final SimDisk disk = new SimDisk();
    private final DiskProbe probe = new DiskProbe(disk, DIRS, RecoveryConfig.DEFAULT, ROOM);

    @Test
    void a_disk_that_works_is_left_as_it_was() throws IOException {
        probe.check();
        assertThat(disk.list(DIRS.logs())).isEmpty();
        assertThat(disk.list(DIRS.snapshots())).isEmpty();
    }

    @Test
    void every_operation_that_fails_is_found_out() throws IOException {
        probe.check();
        // In each of two directories: create, write, sync, delete, sync the directory.
        for (int operations = 0; operations < 10; operations++) {
            disk.failsAfter(operations, new IOException("No space left on device"));
            assertThatThrownBy(probe::check).as("operation %d", operations).hasMessage("No space left on device");
            disk.worksAgain();
        }
        assertThatCode(probe::check).doesNotThrowAnyException();
    }

    @Test
    void room_for_some_records_more_is_asked_for_and_less_of_a_small_volume() throws IOException {
        disk.hasSpace(new VolumeSpace(ROOM - 1, 1L << 30));
        assertThatThrownBy(probe::check).hasMessage(DIRS.logs() + " has no room: 1048576 bytes have to be free");
        disk.hasSpace(new VolumeSpace(ROOM, 1L << 30));
        probe.check();
        disk.hasSpace(new VolumeSpace(500_000, 8_000_000));
        probe.check();
        disk.hasSpace(new VolumeSpace(499_999, 8_000_000));
        assertThatThrownBy(probe::check).hasMessage(DIRS.logs() + " has no room: 500000 bytes have to be free");
        assertThat(probe.space()).contains("/log/version-2: 499999 of 8000000 bytes free");
    }

    @Test
    void real_directories_that_were_deleted_come_back_unless_that_is_forbidden(@TempDir Path directory)
            throws IOException {
        DataDirectories dirs = DataDirectories.of(directory.resolve("data"), directory.resolve("log"));
        RecoveryConfig forbidden = new RecoveryConfig(false, false, true, 1 << 20);
        assertThatThrownBy(new DiskProbe(new FileDisk(), dirs, forbidden, 0)::check)
                .isInstanceOf(RecoveryException.class)
                .hasMessageContaining(dirs.logs().toString());
        DiskProbe allowed = new DiskProbe(new FileDisk(), dirs, RecoveryConfig.DEFAULT, 4096);
        allowed.check();
        assertThat(dirs.logs()).isEmptyDirectory();
        assertThat(allowed.space()).contains("bytes free");
        Files.delete(dirs.logs());
        Files.writeString(dirs.logs(), "in the way");
        assertThatThrownBy(allowed::check).isInstanceOf(IOException.class).hasMessageContaining("log");
    }
}
