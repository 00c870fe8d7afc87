/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vivarium.persistence.recovery.DataDirectories;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Data directories that stock servers left behind, and what they read back from them (see the README beside them). */
public final class Fixtures {
    private static final int TAR_BLOCK = 512;

    private Fixtures() {}

    /** Every fixture; only where they lie in a directory and not in a jar. */
    public static List<String> names() {
        try (Stream<Path> entries = Files.list(root())) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode expected(String name) throws IOException {
        try (InputStream json = open(name, "expected.json")) {
            return new ObjectMapper().readTree(json);
        }
    }

    /** Unpacks a fixture and gives its directories. */
    public static DataDirectories unpack(String name, Path into) throws IOException {
        try (InputStream tar = new GZIPInputStream(open(name, "data.tar.gz"))) {
            untar(tar, into);
        }
        Path dataDir = into.resolve("dataDir");
        Path logDir = into.resolve("dataLogDir");
        return DataDirectories.of(dataDir, Files.isDirectory(logDir) ? logDir : dataDir);
    }

    private static InputStream open(String name, String file) throws IOException {
        InputStream in = Fixtures.class.getResourceAsStream("/fixtures/" + name + "/" + file);
        if (in == null) {
            throw new IOException("no fixture " + name + "/" + file);
        }
        return in;
    }

    private static Path root() {
        try {
            return Path.of(Fixtures.class.getResource("/fixtures").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Plain ustar entries, which is all the fixtures hold. */
    private static void untar(InputStream tar, Path into) throws IOException {
        byte[] header = new byte[TAR_BLOCK];
        while (tar.readNBytes(header, 0, TAR_BLOCK) == TAR_BLOCK && header[0] != 0) {
            String name = text(header, 0, 100);
            int size = Integer.parseInt(text(header, 124, 12).trim(), 8);
            char type = (char) header[156];
            byte[] content = tar.readNBytes(size);
            tar.skipNBytes((TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK);
            Path target = into.resolve(name).normalize();
            if (!target.startsWith(into)) {
                throw new IOException("entry " + name + " leads out of " + into);
            }
            if (type == '5') {
                Files.createDirectories(target);
            } else if (type == '0' || type == 0) {
                Files.createDirectories(target.getParent());
                Files.write(target, content);
            } else if (type != 'x') {
                // x: a pax header with times, of no interest.
                throw new IOException("entry " + name + " has type " + type);
            }
        }
    }

    private static String text(byte[] header, int offset, int length) {
        int end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return new String(header, offset, end - offset, StandardCharsets.UTF_8);
    }
}
