/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.tool;

import io.vivarium.persistence.disk.DataFileName;
import io.vivarium.persistence.disk.FileDisk;
import io.vivarium.persistence.snapshot.LoadProgress;
import io.vivarium.persistence.snapshot.SnapshotCompression;
import io.vivarium.persistence.snapshot.SnapshotFile;
import io.vivarium.persistence.snapshot.SnapshotReader;
import io.vivarium.persistence.snapshot.SnapshotSink;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.StoredStat;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code SnapshotFormatter}: shows a snapshot as text or as JSON of the ncdu kind (spec persistence 6.4, operations 2.5).
 *
 * <p>Thread: main. Reads the file twice and keeps no tree: nodes are printed in the order of the file. Exit codes: 0, 1 for
 * a file that cannot be read, 2 for usage.
 */
public final class SnapshotDump {
    private static final String USAGE = """
            USAGE: SnapshotFormatter [-d|-json] snapshot_file
                   -d dump the data for each znode
                   -json dump znode info in json format
            """;

    private static final int MAX_LENGTH = Integer.MAX_VALUE;

    /** As the JDK prints a date by itself. */
    private static final DateTimeFormatter DATES = DateTimeFormatter.ofPattern(
                    "EEE MMM dd HH:mm:ss zzz yyyy", Locale.US)
            .withZone(ZoneId.systemDefault());

    private enum Form {
        TEXT,
        TEXT_WITH_DATA,
        JSON
    }

    private SnapshotDump() {}

    public static void main(String[] args) {
        System.exit(run(args, System.in, System.out, System.err));
    }

    /** Runs one command; returns the exit code. Nothing is read from {@code in}. */
    public static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
        return run(args, out, err, InstantSource.system());
    }

    static int run(String[] args, PrintStream out, PrintStream err, InstantSource clock) {
        Form form = Form.TEXT;
        if (args.length == 2) {
            form = args[0].equals("-d") ? Form.TEXT_WITH_DATA : args[0].equals("-json") ? Form.JSON : null;
        }
        if (args.length < 1 || args.length > 2 || form == null) {
            err.print(USAGE);
            return 2;
        }
        Path path = Path.of(args[args.length - 1]);
        if (!Files.exists(path)) {
            err.println("File '" + path + "' does not exist.");
            return 2;
        }
        Optional<DataFileName> name = DataFileName.parse(path.getFileName().toString(), DataFileName.SNAPSHOT_PREFIX);
        SnapshotFile file = new SnapshotFile(
                path,
                name.map(DataFileName::zxid).orElse(0L),
                SnapshotCompression.of(name.map(DataFileName::suffix).orElse("")));
        SnapshotReader reader = new SnapshotReader(new FileDisk(), MAX_LENGTH, LoadProgress.SILENT);
        try {
            if (form == Form.JSON) {
                JsonTree tree = new JsonTree();
                reader.read(file, tree);
                tree.print(out, clock.millis());
            } else {
                printText(file, reader, form, out);
            }
            out.flush();
            return 0;
        } catch (IOException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    private static void printText(SnapshotFile file, SnapshotReader reader, Form form, PrintStream out)
            throws IOException {
        SnapshotOutline outline = new SnapshotOutline();
        reader.read(file, outline);
        // Stock keeps the root under two names and counts both.
        out.println("ZNode Details (count=" + (outline.nodes + 1) + "):");
        reader.read(file, new NodePrinter(out, form));
        out.println("----");
        out.println("Session Details (sid, timeout, ephemeralCount):");
        outline.sessions.forEach((id, timeoutMillis) -> out.println(
                String.format("%#016x, %d, %d", id, timeoutMillis, outline.ownedNodes.getOrDefault(id, 0))));
        if (outline.digestZxid > file.zxid()) {
            out.println("Target zxid digest is: " + Long.toHexString(outline.digestZxid) + ", " + outline.digest);
        }
        out.println("----");
        out.println("Last zxid: 0x" + Long.toHexString(outline.highestZxid));
    }

    private static String date(long millis) {
        return DATES.format(Instant.ofEpochMilli(millis));
    }

    /** Second look: every node as it comes. */
    private record NodePrinter(PrintStream out, Form form) implements SnapshotSink {
        @Override
        public void node(String path, byte @Nullable [] data, long aclId, StoredStat stat) {
            out.println("----");
            out.println(path.isEmpty() ? "/" : path);
            out.println(String.format("  cZxid = %#016x", stat.czxid()));
            out.println("  ctime = " + date(stat.ctime()));
            out.println(String.format("  mZxid = %#016x", stat.mzxid()));
            out.println("  mtime = " + date(stat.mtime()));
            out.println(String.format("  pZxid = %#016x", stat.pzxid()));
            out.println("  cversion = " + stat.cversion());
            out.println("  dataVersion = " + stat.version());
            out.println("  aclVersion = " + stat.aversion());
            out.println(String.format("  ephemeralOwner = %#016x", stat.ephemeralOwner()));
            if (form == Form.TEXT_WITH_DATA) {
                out.println(
                        "  data = " + (data == null ? "" : Base64.getEncoder().encodeToString(data)));
            } else {
                out.println("  dataLength = " + (data == null ? 0 : data.length));
            }
        }

        @Override
        public void clear() {}

        @Override
        public void fresh() {}

        @Override
        public void session(long id, int timeoutMillis) {}

        @Override
        public void acl(long id, List<Acl> acl) {}

        @Override
        public void digest(long zxid, long digest) {}

        @Override
        public void loaded(long zxid) {}
    }
}
