/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.tool;

import io.vivarium.persistence.journal.JournalConfig;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code TxnLogToolkit}: shows a log, repairs checksums, cuts a log behind a zxid (spec persistence 6.4, operations 2.5).
 *
 * <p>Thread: main. Exit codes: 0, 1 for usage and failures, 2 for a file that is no log.
 */
public final class TxnLogDump {
    private static final String USAGE = """
            usage: TxnLogToolkit [-dhrvc] <txn_log_file_name> (-z <zxid>)
             -c,--chop         Chop mode. Chop txn file to a zxid.
             -d,--dump         Dump mode. Dump all entries of the log file with printing the content of a nodepath (default)
             -h,--help         Print help message
             -r,--recover      Recovery mode. Re-calculate CRC for broken entries.
             -v,--verbose      Be verbose in recovery mode: print all entries, not just fixed ones.
             -y,--yes          Non-interactive mode: repair all CRC errors without asking
             -z,--zxid <arg>   Used with chop. Zxid to which to chop.
            """;

    private enum Mode {
        DUMP,
        RECOVER,
        CHOP,
        HELP
    }

    private enum Answer {
        YES,
        NO,
        ABORT
    }

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final TxnText text = new TxnText(JournalConfig.DEFAULT_MAX_RECORD_BYTES);

    private Mode mode = Mode.DUMP;
    private boolean verbose;
    private boolean yes;
    private @Nullable Path file;
    private @Nullable Long zxid;

    private TxnLogDump(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        System.exit(run(args, System.in, System.out, System.err));
    }

    /** Runs one command; returns the exit code. */
    public static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
        return new TxnLogDump(in, out, err).run(args);
    }

    private int run(String[] args) {
        if (!parse(args)) {
            out.print(USAGE);
            return 1;
        }
        if (mode == Mode.HELP) {
            out.print(USAGE);
            return 0;
        }
        if (file == null || (mode == Mode.CHOP && zxid == null)) {
            out.print(USAGE);
            return 1;
        }
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            err.println("File doesn't exist or not readable: " + file);
            return 1;
        }
        try (RawLog log = new RawLog(file)) {
            if (log.magic != RawLog.MAGIC) {
                err.println("Invalid magic number for " + file.getFileName());
                return 2;
            }
            out.println(
                    "ZooKeeper Transactional Log File with dbid " + log.dbid + " txnlog format version " + log.version);
            switch (mode) {
                case RECOVER:
                    return recover(log, file.resolveSibling(file.getFileName() + ".fixed"));
                case CHOP:
                    return chop(log, file, zxid == null ? 0 : zxid);
                default:
                    return dump(log);
            }
        } catch (IOException e) {
            err.println(e.toString());
            return 1;
        }
    }

    private boolean parse(String[] args) {
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            if (arg.equals("-z") || arg.equals("--zxid")) {
                i++;
                if (i == args.length || !parseZxid(args[i])) {
                    return false;
                }
            } else if (arg.startsWith("--")) {
                if (!option(arg.substring(2, Math.min(arg.length(), 3)), arg)) {
                    return false;
                }
            } else if (arg.startsWith("-") && arg.length() > 1) {
                for (char letter : arg.substring(1).toCharArray()) {
                    if (!option(String.valueOf(letter), arg)) {
                        return false;
                    }
                }
            } else if (file == null) {
                file = Path.of(arg);
            } else {
                return false;
            }
        }
        return true;
    }

    private boolean option(String letter, String whole) {
        if (whole.startsWith("--") && !USAGE.contains("," + whole + " ")) {
            return false;
        }
        switch (letter) {
            case "d":
                mode = Mode.DUMP;
                return true;
            case "r":
                mode = Mode.RECOVER;
                return true;
            case "c":
                mode = Mode.CHOP;
                return true;
            case "h":
                mode = Mode.HELP;
                return true;
            case "v":
                verbose = true;
                return true;
            case "y":
                yes = true;
                return true;
            default:
                return false;
        }
    }

    private boolean parseZxid(String value) {
        try {
            zxid = Long.decode(value);
            return true;
        } catch (NumberFormatException e) {
            err.println("Not a zxid: " + value);
            return false;
        }
    }

    private int dump(RawLog log) throws IOException {
        int count = 0;
        RawLog.Entry entry;
        while ((entry = log.next()) != null) {
            print(entry, entry.isIntact() ? "" : "CRC ERROR - ");
            count++;
        }
        out.println("EOF reached after " + count + " txns.");
        return 0;
    }

    private void print(RawLog.Entry entry, String prefix) {
        out.println(prefix + text.line(entry.payload()));
    }

    private int recover(RawLog log, Path target) throws IOException {
        if (Files.exists(target)) {
            err.println("Recovery file " + target + " already exists or not writable");
            return 1;
        }
        BufferedReader answers = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
        int fixed = 0;
        int count = 0;
        try (DataOutputStream copy = create(target, log)) {
            RawLog.Entry entry;
            while ((entry = log.next()) != null) {
                count++;
                if (entry.isIntact()) {
                    if (verbose) {
                        print(entry, "");
                    }
                    write(copy, entry.checksum(), entry);
                    continue;
                }
                Answer answer = Answer.YES;
                if (!yes) {
                    print(entry, "CRC ERROR - ");
                    answer = ask(answers);
                }
                if (answer == Answer.ABORT) {
                    out.println("Recovery aborted.");
                    return 0;
                }
                if (answer == Answer.YES) {
                    print(entry, "CRC FIXED - ");
                    fixed++;
                }
                write(copy, answer == Answer.YES ? entry.actualChecksum() : entry.checksum(), entry);
            }
        }
        out.println("EOF reached after " + count + " txns.");
        out.println("Recovery file " + target + " has been written with " + fixed + " fixed CRC error(s)");
        return 0;
    }

    private Answer ask(BufferedReader answers) throws IOException {
        while (true) {
            out.print("Would you like to fix it (Yes/No/Abort) ? ");
            out.flush();
            String line = answers.readLine();
            if (line == null) {
                return Answer.ABORT;
            }
            switch (line.trim().toLowerCase(Locale.ROOT)) {
                case "y", "yes":
                    return Answer.YES;
                case "n", "no":
                    return Answer.NO;
                case "a", "abort":
                    return Answer.ABORT;
                default:
                    break;
            }
        }
    }

    private int chop(RawLog log, Path source, long to) throws IOException {
        Path target = source.resolveSibling(source.getFileName() + ".chopped" + to);
        int count = 0;
        long last = -1;
        try (DataOutputStream copy = create(target, log)) {
            RawLog.Entry entry;
            while (last != to && (entry = log.next()) != null) {
                if (!entry.isIntact()) {
                    break;
                }
                write(copy, entry.checksum(), entry);
                count++;
                last = entry.zxid();
            }
        }
        if (last != to) {
            Files.delete(target);
            err.println("No record 0x" + Long.toHexString(to) + " that can be reached in " + source
                    + "; the last whole one is " + (last < 0 ? "none" : "0x" + Long.toHexString(last)));
            return 1;
        }
        out.println("Chopping at " + Long.toHexString(to) + " new log has " + count + " records");
        return 0;
    }

    private static DataOutputStream create(Path target, RawLog log) throws IOException {
        DataOutputStream copy =
                new DataOutputStream(new java.io.BufferedOutputStream(Files.newOutputStream(target), 1 << 16));
        copy.writeInt(RawLog.MAGIC);
        copy.writeInt(log.version);
        copy.writeLong(log.dbid);
        return copy;
    }

    private static void write(DataOutputStream copy, long checksum, RawLog.Entry entry) throws IOException {
        copy.writeLong(checksum);
        copy.writeInt(entry.payload().length);
        copy.write(entry.payload());
        copy.writeByte(RawLog.END_OF_RECORD);
    }
}
