/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.data.OwnerKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BranchTest {
    private final Branch branch = new Branch(leaf("parent", 1));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void isAMapOfNamesThroughAddsReplacementsAndRemovals(long seed) {
        Random random = new Random(seed);
        Map<String, byte[]> twin = new HashMap<>();
        int names = 1 + random.nextInt(200);
        for (int i = 0; i < 5_000; i++) {
            String name = nameOf(random.nextInt(names));
            int slot = slotOf(name);
            assertThat(slot != Branch.NOT_FOUND)
                    .as("seed %d step %d %s", seed, i, name)
                    .isEqualTo(twin.containsKey(name));
            byte[] leaf = leaf(name, i);
            // Phases of growth and of shrinking, so that tables of all sizes are met.
            if (slot == Branch.NOT_FOUND) {
                if (random.nextInt(10) < (i / 1000 % 2 == 0 ? 8 : 2)) {
                    branch.add(leaf);
                    twin.put(name, leaf);
                }
            } else if (random.nextInt(4) == 0) {
                branch.replace(slot, leaf);
                twin.put(name, leaf);
            } else if (random.nextInt(10) < (i / 1000 % 2 == 0 ? 2 : 8)) {
                branch.remove(slot);
                twin.remove(name);
            }
            assertThat(branch.size()).isEqualTo(twin.size());
        }
        for (int i = 0; i < names; i++) {
            String name = nameOf(i);
            int slot = slotOf(name);
            assertThat(slot == Branch.NOT_FOUND ? null : branch.slot(slot))
                    .as("seed %d %s", seed, name)
                    .isSameAs(twin.get(name));
        }
        assertThat(branch.children()).containsExactlyInAnyOrder(twin.values().toArray());
    }

    @Test
    void gapsAroundTheEndOfTheTableAreClosedToo() {
        // All names of one hash value: one run of neighbours, wherever it begins, and most begin near an end.
        for (int start = 0; start < 300; start++) {
            Branch crowded = new Branch(leaf("parent", 1));
            String[] names = colliding(start);
            for (String name : names) {
                crowded.add(leaf(name, 1));
            }
            Set<String> left = new HashSet<>(Arrays.asList(names));
            for (String gone : new String[] {names[1], names[4], names[0]}) {
                crowded.remove(slotOf(crowded, gone));
                left.remove(gone);
                for (String name : names) {
                    assertThat(slotOf(crowded, name) != Branch.NOT_FOUND)
                            .as("%d %s", start, name)
                            .isEqualTo(left.contains(name));
                }
            }
        }
    }

    @Test
    void aHundredThousandChildrenComeAndGo() {
        for (int i = 0; i < 100_000; i++) {
            branch.add(leaf(String.format("child-%010d", i), i));
        }
        assertThat(branch.size()).isEqualTo(100_000);
        assertThat(branch.capacity()).isBetween(133_000, 220_000);
        for (int i = 0; i < 100_000; i += 2) {
            branch.remove(slotOf(String.format("child-%010d", i)));
        }
        for (int i = 0; i < 100_000; i++) {
            assertThat(slotOf(String.format("child-%010d", i)) != Branch.NOT_FOUND)
                    .isEqualTo(i % 2 == 1);
        }
        for (int i = 1; i < 100_000; i += 2) {
            branch.remove(slotOf(String.format("child-%010d", i)));
        }
        assertThat(branch.size()).isZero();
        assertThat(branch.capacity()).isZero();
    }

    @Test
    void aTableThatEmptiesGivesItsMemoryBack() {
        for (int i = 0; i < 10_000; i++) {
            branch.add(leaf("n" + i, 1));
        }
        for (int i = 10; i < 10_000; i++) {
            branch.remove(slotOf("n" + i));
        }
        assertThat(branch.capacity()).isLessThan(100);
    }

    private int slotOf(String name) {
        return slotOf(branch, name);
    }

    private static int slotOf(Branch branch, String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        int slot = branch.slotOf(utf8, 0, utf8.length, Branch.hash(utf8, 0, utf8.length));
        if (utf8.length == name.length()) {
            assertThat(branch.slotOf(name, 0, name.length(), Branch.hash(utf8, 0, utf8.length)))
                    .isEqualTo(slot);
        }
        return slot;
    }

    private static String nameOf(int i) {
        return i % 7 == 0 ? "é" + i : "node-" + i;
    }

    /** Six names with the same hash: swapping "Aa" for "BB" does not change it. */
    private static String[] colliding(int start) {
        String end = Integer.toString(start);
        return new String[] {
            "AaAaAa" + end, "BBAaAa" + end, "AaBBAa" + end, "AaAaBB" + end, "BBBBAa" + end, "BBBBBB" + end
        };
    }

    private static byte[] leaf(String name, long zxid) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return new NodeFields()
                .name(utf8, 0, utf8.length)
                .created(zxid, zxid, AclTable.OPEN, 0, OwnerKind.PERSISTENT)
                .pack();
    }
}
