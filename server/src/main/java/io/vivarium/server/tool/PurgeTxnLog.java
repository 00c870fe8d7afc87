/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tool;

import io.vivarium.persistence.disk.FileDisk;
import io.vivarium.persistence.purge.Purge;
import io.vivarium.persistence.recovery.DataDirectories;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes snapshots and journals that the newest snapshots do not need (spec operations 2.5): {@code dataLogDir [snapDir] -n
 * count}, both directories without {@code version-2}.
 *
 * <p>One line for each file it removes goes to stdout; nothing if there is none. May run beside a living server, which never
 * reads what is removed. Exit codes: 0 done, 1 wrong arguments or a directory that cannot be read.
 */
public final class PurgeTxnLog {
    static final int DONE = 0;
    static final int FAILED = 1;

    private static final String USAGE = """
            Usage:
            PurgeTxnLog dataLogDir [snapDir] -n count
            \tdataLogDir -- path to the txn log directory
            \tsnapDir -- path to the snapshot directory
            \tcount -- the number of old snaps/logs you want to keep, value should be greater than or equal to 3""";

    private final InstantSource clock;
    private final PrintStream out;
    private final PrintStream err;

    /** What was asked for. */
    private record Request(DataDirectories directories, int count) {}

    PurgeTxnLog(InstantSource clock, PrintStream out, PrintStream err) {
        this.clock = clock;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        System.exit(new PurgeTxnLog(Clock.systemUTC(), System.out, System.err).run(args));
    }

    int run(String... args) {
        Request request = parse(List.of(args));
        if (request == null) {
            err.println(USAGE);
            return FAILED;
        }
        if (request.count < Purge.MIN_RETAIN) {
            err.println("count should be greater than or equal to " + Purge.MIN_RETAIN);
            return FAILED;
        }
        Path snapshots = request.directories.snapshots();
        Path journals = request.directories.logs();
        for (Path directory : List.of(snapshots, journals)) {
            if (!Files.isDirectory(directory)) {
                err.println("There is no directory " + directory);
                return FAILED;
            }
        }
        try {
            new Purge(new FileDisk(), snapshots, journals, clock).run(request.count, out);
            return DONE;
        } catch (IOException failed) {
            err.println("Cannot purge " + snapshots + " and " + journals + ": " + failed);
            return FAILED;
        }
    }

    /** Directories first, then the count; null if the arguments are anything else. */
    private static @Nullable Request parse(List<String> args) {
        int option = args.indexOf("-n");
        if (option < 1 || option > 2 || args.size() != option + 2) {
            return null;
        }
        try {
            Path dataLogDir = Path.of(args.get(0));
            Path snapDir = Path.of(args.get(option - 1));
            return new Request(DataDirectories.of(snapDir, dataLogDir), Integer.parseInt(args.get(option + 1)));
        } catch (IllegalArgumentException notPathOrNumber) {
            return null;
        }
    }
}
