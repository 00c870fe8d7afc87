/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import java.util.List;

/**
 * What values a key may have.
 *
 * @param min least number
 * @param max greatest number
 * @param words the only words, empty if any text is good
 */
record Limits(long min, long max, List<String> words) {
    static final Limits ANY = new Limits(Long.MIN_VALUE, Long.MAX_VALUE, List.of());

    static Limits atLeast(long min) {
        return new Limits(min, Long.MAX_VALUE, List.of());
    }

    static Limits between(long min, long max) {
        return new Limits(min, max, List.of());
    }

    static Limits oneOf(String... words) {
        return new Limits(Long.MIN_VALUE, Long.MAX_VALUE, List.of(words));
    }

    boolean allow(long number) {
        return min <= number && number <= max;
    }

    /** As documentation and error messages print it; empty if there are none. */
    String text() {
        if (!words.isEmpty()) {
            return String.join(", ", words);
        }
        if (min == Long.MIN_VALUE) {
            return "";
        }
        return max == Long.MAX_VALUE ? min + " or more" : min + " to " + max;
    }
}
