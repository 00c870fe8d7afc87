/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.model.SimDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EpochFilesTest {
    private static final Path DIR = Path.of("/data/version-2");

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
    void a_file_says_its_first_line() throws IOException {
        assertThat(files.current()).isEqualTo(StoredEpoch.ABSENT);
        put("currentEpoch", "5\n");
        put("acceptedEpoch", "6");
        assertThat(files.current()).isEqualTo(StoredEpoch.known(5));
        assertThat(files.accepted()).isEqualTo(StoredEpoch.known(6));
    }

    @Test
    void what_is_no_epoch_is_unreadable_and_shown() throws IOException {
        for (String text : new String[] {
            "five", "", "-1", "+8", " 8", "8 ", "\u00018", "\n8", "2147483648", "99999999999999999999", "\0\0\0"
        }) {
            put("currentEpoch", text);
            assertThat(files.current().state()).as(text).isEqualTo(StoredEpoch.State.UNREADABLE);
        }
        put("currentEpoch", "five");
        assertThat(files.current()).hasToString("unreadable (\"five\")");
    }

    @Test
    void settling_writes_both_and_leaves_nothing_else() throws IOException {
        put("currentEpoch", "3");
        files.settle(new EpochDecision(5, 7, EpochDecision.Promises.KEPT, ""));
        assertThat(text("currentEpoch")).isEqualTo("5");
        assertThat(text("acceptedEpoch")).isEqualTo("7");
        assertThat(disk.list(DIR)).containsExactly("acceptedEpoch", "currentEpoch");
    }

    @Test
    void settling_what_stands_there_already_makes_no_file_but_syncs() throws IOException {
        files.settle(new EpochDecision(5, 7, EpochDecision.Promises.KEPT, ""));
        long syncs = disk.syncs();
        // Write and sync, and the sync of the directory, of each: a file made or renamed would be one more.
        disk.failsAfter(6, new IOException("no space left on device"));
        files.settle(new EpochDecision(5, 7, EpochDecision.Promises.KEPT, ""));
        assertThat(disk.syncs()).isEqualTo(syncs + 2);
    }

    @Test
    void settling_leaves_the_text_of_another_writer_as_it_is() throws IOException {
        put("currentEpoch", "005\n");
        put("acceptedEpoch", "007");
        files.settle(new EpochDecision(5, 7, EpochDecision.Promises.KEPT, ""));
        assertThat(text("currentEpoch")).isEqualTo("005\n");
        assertThat(text("acceptedEpoch")).isEqualTo("007");
    }

    @Test
    void a_crash_at_any_point_leaves_the_old_value_or_the_new_one() throws IOException {
        atAnyPoint((failing, epochs, operations, seed) -> {
            failing.powerFailsAfter(operations);
            boolean stored = stores(epochs);
            failing.crash(new SplittableRandom(seed), SimDisk.Loss.SECTORS);
            assertThat(epochs.accepted().epoch()).isBetween(stored ? 9L : 8L, 9L);
        });
    }

    /** Found by the simulator: a failing disk, a start, and then no power. */
    @Test
    void what_a_start_reads_and_goes_on_with_is_durable() throws IOException {
        atAnyPoint((failing, epochs, operations, seed) -> {
            failing.failsAfter(operations, new IOException("planted"));
            stores(epochs);
            failing.worksAgain();
            long read = epochs.accepted().epoch();
            epochs.settle(new EpochDecision(8, read, EpochDecision.Promises.KEPT, ""));
            failing.crash(new SplittableRandom(seed), SimDisk.Loss.SECTORS);
            assertThat(epochs.accepted().epoch()).isEqualTo(read);
        });
    }

    private interface Story {
        void of(SimDisk disk, EpochFiles epochs, int operations, int seed) throws IOException;
    }

    /** Both epochs are 8, and something happens after so many operations on the disk. */
    private static void atAnyPoint(Story story) throws IOException {
        for (int operations = 0; operations <= 6; operations++) {
            for (int seed = 0; seed < 20; seed++) {
                SimDisk failing = new SimDisk();
                failing.createDirectories(DIR);
                EpochFiles epochs = new EpochFiles(failing, DIR);
                epochs.storeCurrent(8);
                epochs.storeAccepted(8);
                story.of(failing, epochs, operations, seed);
            }
        }
    }

    /** Whether epoch 9 was accepted. */
    private static boolean stores(EpochFiles epochs) {
        try {
            epochs.storeAccepted(9);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
