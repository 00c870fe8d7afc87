/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.persistence.model.SimDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EpochFilesTest {
    private static final Path DIR = Path.of("/data/version-2");
    private static final long EPOCH_3 = (3L << 32) + 7;

    private final SimDisk disk = new SimDisk();
    private final EpochFiles files = new EpochFiles(disk, DIR);

    @BeforeEach
    void makeDirectory() {
        disk.createDirectories(DIR);
    }

    private void put(String name, String text) {
        disk.put(DIR.resolve(name), text.getBytes(StandardCharsets.US_ASCII));
    }

    private String text(String name) throws IOException {
        return new String(disk.contents(DIR.resolve(name)), StandardCharsets.US_ASCII);
    }

    @Test
    void missing_files_take_the_epoch_of_the_last_zxid_and_are_written() throws IOException {
        assertThat(files.load(EPOCH_3)).isEqualTo(new EpochFiles.Epochs(3, 3));
        assertThat(text("currentEpoch")).isEqualTo("3");
        assertThat(text("acceptedEpoch")).isEqualTo("3");
        assertThat(disk.list(DIR)).containsExactly("acceptedEpoch", "currentEpoch");
    }

    @Test
    void a_member_that_must_not_vote_starts_at_epoch_zero() throws IOException {
        assertThat(files.load(-1)).isEqualTo(new EpochFiles.Epochs(0, 0));
    }

    @Test
    void stored_epochs_ahead_of_the_log_are_kept() throws IOException {
        put("currentEpoch", "5\n");
        put("acceptedEpoch", "6");
        assertThat(files.load(EPOCH_3)).isEqualTo(new EpochFiles.Epochs(5, 6));
    }

    @Test
    void a_leftover_of_an_interrupted_change_completes_it() throws IOException {
        put("currentEpoch", "2");
        put("currentEpoch.tmp", "3");
        put("acceptedEpoch", "3");
        assertThat(files.load(EPOCH_3)).isEqualTo(new EpochFiles.Epochs(3, 3));
        assertThat(text("currentEpoch")).isEqualTo("3");
        assertThat(disk.list(DIR)).doesNotContain("currentEpoch.tmp");
    }

    @Test
    void a_leftover_that_explains_nothing_does_not_help() {
        for (String leftover : new String[] {"2", "", "x"}) {
            put("currentEpoch", "2");
            put("currentEpoch.tmp", leftover);
            assertThatThrownBy(() -> files.load(EPOCH_3))
                    .hasMessageContaining("The current epoch, 2, is older than the last zxid, 0x300000007");
        }
    }

    @Test
    void the_mark_of_a_3_4_server_in_the_middle_of_a_change_completes_it() throws IOException {
        put("currentEpoch", "2");
        put("acceptedEpoch", "3");
        put("updatingEpoch", "");
        assertThat(files.load(EPOCH_3)).isEqualTo(new EpochFiles.Epochs(3, 3));
        assertThat(disk.list(DIR)).doesNotContain("updatingEpoch");
    }

    @Test
    void an_accepted_epoch_below_the_current_one_is_refused() {
        put("currentEpoch", "5");
        put("acceptedEpoch", "4");
        assertThatThrownBy(() -> files.load(EPOCH_3))
                .hasMessageContaining("The accepted epoch, 4 is less than the current epoch, 5");
    }

    @Test
    void a_file_without_a_number_is_refused_by_name() {
        put("currentEpoch", "five");
        assertThatThrownBy(() -> files.load(EPOCH_3))
                .hasMessageContaining("currentEpoch")
                .hasMessageContaining("five");
    }

    @Test
    void a_crash_at_any_point_leaves_the_old_value_or_the_new_one() throws IOException {
        for (int operations = 0; operations <= 6; operations++) {
            for (int seed = 0; seed < 20; seed++) {
                SimDisk failing = new SimDisk();
                failing.createDirectories(DIR);
                EpochFiles epochs = new EpochFiles(failing, DIR);
                epochs.storeCurrent(8);
                epochs.storeAccepted(8);
                failing.powerFailsAfter(operations);
                boolean stored = true;
                try {
                    epochs.storeAccepted(9);
                } catch (IOException e) {
                    stored = false;
                }
                failing.crash(new SplittableRandom(seed), SimDisk.Loss.SECTORS);
                long accepted = epochs.load(8L << 32).accepted();
                if (stored) {
                    assertThat(accepted).isEqualTo(9);
                } else {
                    assertThat(accepted).isBetween(8L, 9L);
                }
            }
        }
    }
}
