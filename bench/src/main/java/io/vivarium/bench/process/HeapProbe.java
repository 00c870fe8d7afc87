/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a Java process for its memory, by way of {@code jcmd}. Thread: the caller's; blocks for a full collection. */
public final class HeapProbe {
    /** With this flag a process knows what it has outside of its heap. */
    public static final String TRACK_NATIVE_MEMORY = "-XX:NativeMemoryTracking=summary";

    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
    private static final Pattern OTHER = Pattern.compile("\\bOther \\(reserved=\\d+KB, committed=(\\d+)KB\\)");

    private HeapProbe() {}

    /** Bytes of all objects that are reachable, after a full collection. */
    public static long liveHeapBytes(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        return parseLiveBytes(jcmd(pid, "GC.class_histogram"));
    }

    /** Bytes of direct buffers, in which sockets are read and written. Needs {@link #TRACK_NATIVE_MEMORY}. */
    public static long directBytes(long pid) throws IOException, InterruptedException {
        return parseDirectBytes(jcmd(pid, "VM.native_memory", "summary"));
    }

    static long parseDirectBytes(String summary) throws IOException {
        Matcher other = OTHER.matcher(summary);
        if (!other.find()) {
            throw new IOException(
                    "no line 'Other' in the summary of native memory of " + summary.length() + " characters");
        }
        return Long.parseLong(other.group(1)) * 1024;
    }

    static long parseLiveBytes(String histogram) throws IOException {
        Matcher total = TOTAL.matcher(histogram);
        if (!total.find()) {
            throw new IOException("no line 'Total' in the class histogram of " + histogram.length() + " characters");
        }
        return Long.parseLong(total.group(1));
    }

    private static String jcmd(long pid, String... command) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(jcmd)) {
            throw new IOException("measuring memory needs a JDK; there is no " + jcmd);
        }
        List<String> words = new ArrayList<>(List.of(jcmd.toString(), Long.toString(pid)));
        words.addAll(List.of(command));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IOException(
                    "jcmd " + pid + " " + String.join(" ", command) + " ended with " + exit + ": " + output.trim());
        }
        return output;
    }
}
