/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

/** Refuses numbers that make no sense, by name, before anything starts. Thread: any; stateless. */
public final class Limits {
    private Limits() {}

    /** @throws IllegalArgumentException with name, value and limits */
    public static void within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " " + value + " is not within " + least + ".." + most);
        }
    }

    /** Threads of a driver or an echo server. */
    public static void threads(String what, int value) {
        within(what, value, 1, 1_024);
    }
}
