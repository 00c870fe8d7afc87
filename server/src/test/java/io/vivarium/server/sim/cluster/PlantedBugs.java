/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import java.util.ArrayList;
import java.util.List;

/** Looks for planted bugs: how many seeds it takes until a check fails. Thread: the caller's. */
final class PlantedBugs {
    private static final long MINUTES = 3;
    private static final int SEEDS = 100;

    private PlantedBugs() {}

    /**
     * What was found.
     *
     * @param seeds tried, the last of them found it; 0 if none did
     * @param words how it showed
     */
    record Found(Bug bug, int seeds, String words) {
        @Override
        public String toString() {
            return String.format("| %s | %s | %d | %s |", bug, bug.words(), seeds, words);
        }
    }

    static Found find(Bug bug, long firstSeed) {
        for (int tried = 1; tried <= SEEDS; tried++) {
            long seed = firstSeed + tried - 1;
            try {
                new ClusterRun(seed, ClusterRun.shapeOf(seed, seed % 2 == 0 ? 5 : 3), bug)
                        .run(MINUTES * ClusterRun.MINUTE);
            } catch (AssertionError | RuntimeException e) {
                return new Found(bug, tried, firstLine(e));
            }
        }
        return new Found(bug, 0, "not found");
    }

    private static String firstLine(Throwable e) {
        String text = e instanceof AssertionError ? String.valueOf(e.getMessage()) : e.toString();
        int end = text.indexOf('\n');
        String line = end < 0 ? text : text.substring(0, end);
        return line.length() > 160 ? line.substring(0, 160) + "..." : line;
    }

    /**
     * The table for docs/internals/simulation.md.
     *
     * @param args the first seed if not 1, then the bugs if not all
     */
    public static void main(String[] args) {
        Quiet.root();
        List<String> bugs = new ArrayList<>(List.of(args));
        long firstSeed =
                bugs.isEmpty() || !Character.isDigit(bugs.get(0).charAt(0)) ? 1 : Long.parseLong(bugs.remove(0));
        for (Bug bug : Bug.values()) {
            if (bugs.isEmpty() ? bug != Bug.NONE : bugs.contains(bug.name())) {
                System.out.println(find(bug, firstSeed));
            }
        }
    }
}
