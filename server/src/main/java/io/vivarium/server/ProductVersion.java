/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/**
 * The version that reports show, in the form that monitoring agents take apart: digits up to the first {@code -} or comma,
 * a revision, the time of the build (spec operations 3.3). It stands in the manifest of the jar.
 */
final class ProductVersion {
    private static final String UNPACKED = "0.0.0-unpacked, built on unknown";

    private ProductVersion() {}

    static String text() {
        String version = ProductVersion.class.getPackage().getImplementationVersion();
        return version == null ? UNPACKED : version + "-vivarium, built on " + buildTime();
    }

    private static String buildTime() {
        String name = ProductVersion.class.getName().replace('.', '/') + ".class";
        URL self = ProductVersion.class.getClassLoader().getResource(name);
        if (self == null) {
            return "unknown";
        }
        String text = self.toString();
        String manifest = text.substring(0, text.length() - name.length()) + "META-INF/MANIFEST.MF";
        try (InputStream in = java.net.URI.create(manifest).toURL().openStream()) {
            Attributes attributes = new Manifest(in).getMainAttributes();
            String time = attributes.getValue("Build-Time");
            return time == null ? "unknown" : time;
        } catch (IOException e) {
            return "unknown";
        }
    }
}
