/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathArenaTest {
    private final PathArena arena = new PathArena();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void keepsAnyStringOfAnyLengthThroughAddAndRemove(long seed) {
        Random random = new Random(seed);
        Map<Integer, String> kept = new HashMap<>();
        for (int step = 0; step < 5000; step++) {
            String text = text(random);
            int ref = arena.add(text);
            assertThat(ref).isNotZero();
            assertThat(kept.put(ref, text)).isNull();
            if (random.nextInt(3) == 0) {
                int victim = kept.keySet().iterator().next();
                arena.remove(victim);
                kept.remove(victim);
            }
        }
        kept.forEach((ref, text) -> {
            assertThat(arena.text(ref)).isEqualTo(text);
            assertThat(arena.hash(ref)).isEqualTo(text.hashCode());
            assertThat(arena.matches(ref, text + "tail", text.length())).isTrue();
            assertThat(arena.matches(ref, text + "tail", text.length() + 1)).isFalse();
            assertThat(text.isEmpty() || !arena.matches(ref, text, text.length() - 1))
                    .isTrue();
        });
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {4, 5, 6})
    void keepsPathsThatShareTheirBeginnings(long seed) {
        Random random = new Random(seed);
        Map<Integer, String> kept = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            String text = "/services/nöde-" + random.nextInt(300) + "/" + "k漢".repeat(random.nextInt(3)) + step;
            int ref = arena.add(text);
            assertThat(kept.put(ref, text)).isNull();
            if (random.nextInt(100) < 45) {
                int victim = kept.keySet().iterator().next();
                assertThat(arena.text(victim)).isEqualTo(kept.remove(victim));
                arena.remove(victim);
            }
        }
        kept.forEach((ref, text) -> {
            assertThat(arena.text(ref)).isEqualTo(text);
            assertThat(arena.hash(ref)).isEqualTo(text.hashCode());
            assertThat(arena.matches(ref, text + "tail", text.length())).isTrue();
            assertThat(arena.matches(ref, text + "tail", text.length() + 1)).isFalse();
            assertThat(arena.matches(ref, text, text.length() - 1)).isFalse();
            assertThat(arena.matches(ref, text, text.lastIndexOf('/') + 1)).isFalse();
            assertThat(arena.matches(ref, text, 5)).isFalse();
        });
    }

    @Test
    void blocksHoldUpTo254BytesAndLongerTextsStandAlone() {
        assertThat(arena.add("x".repeat(254))).isPositive();
        assertThat(arena.add("x".repeat(255))).isNegative();
        assertThat(arena.add("é".repeat(128))).isNegative();
    }

    @Test
    void aTextDoesNotMatchOneWhoseEncodingItIsAPrefixOf() {
        int ref = arena.add("/é");
        assertThat(arena.matches(ref, "/漢", 2)).isFalse();
        assertThat(arena.matches(ref, "/", 1)).isFalse();
        assertThat(arena.matches(ref, "/éa", 3)).isFalse();
    }

    private static String text(Random random) {
        int length = random.nextInt(20) == 0 ? random.nextInt(600) : random.nextInt(40);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) (random.nextInt(4) == 0 ? random.nextInt(0x10000) : 32 + random.nextInt(96)));
        }
        return text.toString();
    }
}
