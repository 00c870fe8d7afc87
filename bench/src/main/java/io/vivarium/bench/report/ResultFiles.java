/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes results as JSON and HTML. Thread: the caller's; blocks on the disk. */
public final class ResultFiles {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ResultFiles() {}

    public static String json(RunResult result) throws IOException {
        return JSON.writeValueAsString(result);
    }

    public static String json(Comparison comparison, Map<String, String> conditions) throws IOException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("subject", comparison.subject());
        root.put("baseline", comparison.baseline());
        root.put("conditions", conditions);
        root.put("rows", List.copyOf(comparison.rows()));
        return JSON.writeValueAsString(root);
    }

    /** Writes text, making the folders above the file. */
    public static void write(Path file, String text) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(file, text);
    }
}
