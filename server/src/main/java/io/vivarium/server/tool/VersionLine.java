/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tool;

/** Prints the name and version of this product, in one line. */
public final class VersionLine {
    private VersionLine() {}

    public static void main(String[] args) {
        System.out.println(text());
    }

    /** The version stands in the manifest of the jar; classes that were never packed have none. */
    static String text() {
        String version = VersionLine.class.getPackage().getImplementationVersion();
        return "Vivarium, version " + (version == null ? "unknown (not packed)" : version);
    }
}
