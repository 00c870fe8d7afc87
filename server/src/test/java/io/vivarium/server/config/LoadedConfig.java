/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A configuration under test: files in memory, system properties of its own, and what loading it said. */
final class LoadedConfig implements ConfigFiles {
    static final Path FILE = Path.of("/conf/zoo.cfg");

    private final Map<Path, byte[]> files = new HashMap<>();
    private final Map<String, String> properties = new HashMap<>(Map.of(ConfigLoader.HOME_PROPERTY, "/home"));
    private final ConfigLog log = new ConfigLog();

    /** A file with these lines; {@code dataDir} is /data unless they say otherwise. */
    static LoadedConfig of(String... lines) {
        return new LoadedConfig().with(FILE.toString(), "dataDir=/data\n" + String.join("\n", lines));
    }

    /** The same as member {@code sid} of three. */
    static LoadedConfig ofThree(String sid, String... lines) {
        return of(
                        "initLimit=10",
                        "syncLimit=5",
                        "server.1=a:2888:3888",
                        "server.2=b:2888:3888",
                        "server.3=c:2888:3888",
                        String.join("\n", lines))
                .with("/data/myid", sid);
    }

    LoadedConfig with(String path, String content) {
        files.put(Path.of(path), content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    LoadedConfig withProperty(String name, String value) {
        properties.put(name, value);
        return this;
    }

    ServerConfig load() {
        return new ConfigLoader(this, properties, log).load(FILE.toString());
    }

    /** The message of the refusal; fails if the configuration is accepted or the exit code is not 2. */
    String refusal() {
        ConfigException refused = catchThrowableOfType(ConfigException.class, this::load);
        assertThat(refused).as("refusal").isNotNull();
        assertThat(refused.exitCode()).isEqualTo(ConfigException.BAD_CONFIGURATION);
        return refused.getMessage();
    }

    /** All lines that loading said, with their level. */
    List<String> said() {
        load();
        return log.lines().stream()
                .map(line -> line.level() + " " + line.text())
                .toList();
    }

    @Override
    public boolean exists(Path file) {
        return files.containsKey(file);
    }

    @Override
    public byte[] read(Path file) throws IOException {
        byte[] content = files.get(file);
        if (content == null) {
            throw new NoSuchFileException(file.toString());
        }
        return content;
    }
}
