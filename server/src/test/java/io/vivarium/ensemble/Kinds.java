/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

import io.vivarium.testkit.process.ServerDistribution;

/**
 * The servers that ensembles are made of. {@code -Densemble.subject=stock:3.9.5} puts a stock server into the place of ours:
 * what fails then is a fault of the test, or of stock. Thread: any.
 */
public final class Kinds {
    static final String STOCK_CURRENT = "3.9.5";

    private Kinds() {}

    /** The server under test, started through its script. */
    public static ServerDistribution subject() {
        String name = subjectName();
        if (subjectIsStock()) {
            return stock(name.substring("stock:".length()));
        }
        if (!name.equals("vivarium")) {
            throw new IllegalArgumentException("ensemble.subject=" + name + "; known: vivarium, stock:<version>");
        }
        return ServerDistribution.packed();
    }

    public static boolean subjectIsStock() {
        return subjectName().startsWith("stock:");
    }

    private static String subjectName() {
        return System.getProperty("ensemble.subject", "vivarium");
    }

    static ServerDistribution stock(String version) {
        return ServerDistribution.stock(version);
    }
}
