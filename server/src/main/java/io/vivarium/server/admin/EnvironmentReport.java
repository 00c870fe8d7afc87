/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import java.util.List;

/** {@code envi}: what the server runs in (spec operations 3.3). */
final class EnvironmentReport {
    private static final List<String> PROPERTIES = List.of(
            "java.version",
            "java.vendor",
            "java.home",
            "java.class.path",
            "java.library.path",
            "java.io.tmpdir",
            "java.compiler",
            "os.name",
            "os.arch",
            "os.version",
            "user.name",
            "user.home",
            "user.dir");

    private EnvironmentReport() {}

    static String envi(String version, HostFacts host) {
        StringBuilder text = new StringBuilder("Environment:\n");
        line(text, "zookeeper.version", version);
        line(text, "host.name", host.hostName());
        for (String name : PROPERTIES) {
            line(text, name, host.property(name));
        }
        HostFacts.Memory memory = host.memory().get();
        line(text, "os.memory.free", megabytes(memory.free()));
        line(text, "os.memory.max", megabytes(memory.max()));
        line(text, "os.memory.total", megabytes(memory.total()));
        return text.toString();
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append('=').append(value).append('\n');
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + "MB";
    }
}
