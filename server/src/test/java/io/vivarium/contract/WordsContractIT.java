/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Four-letter words with all of them allowed; numbers, addresses and versions do not count (spec operations 3). */
class WordsContractIT extends ContractSuite {
    @Override
    ServerProfile profile() {
        return ServerProfile.named("all-words")
                .config("4lw.commands.whitelist", "*")
                .property("zookeeper.4lw.commands.whitelist", "*");
    }

    /** Text with every number, hexadecimal id, path and version replaced. */
    private static String shape(String line) {
        return line.replaceAll("^(Zookeeper version: ).*", "$1V")
                .replaceAll("(/[^ =]*)?/(data)(/version-2)?", "DIR$3")
                .replaceAll("expire at .*:$", "expire at T:")
                .replaceAll("0x[0-9a-f]+", "0xH")
                .replaceAll("-?[0-9]+(\\.[0-9]+)?(E-?[0-9]+)?", "N");
    }

    /** In which bucket a session expires depends on the moment; everything else of a dump does not. */
    private static String shapeOfDump(String line) {
        if (line.startsWith("\t/")) {
            return "\tpath";
        }
        return line.contains("expire at") || line.startsWith("\tip:") || line.startsWith("\t0x") ? "" : shape(line);
    }

    /** Only what stands before {@code separator}. */
    private static UnaryOperator<String> key(char separator) {
        return line -> line.indexOf(separator) < 0 ? line : line.substring(0, line.indexOf(separator));
    }

    @Override
    void write(Scripts scripts) {
        plain(scripts);
        state(scripts);
        transport(scripts);
    }

    private static void plain(Scripts scripts) {
        scripts.script("ruok", s -> s.word("ruok", line -> line));
        scripts.script("isro", s -> s.word("isro", line -> line));
        scripts.script("srst and crst", s -> {
            s.word("srst", line -> line);
            s.word("crst", line -> line);
        });
        scripts.script("srvr", s -> s.word("srvr", WordsContractIT::shape));
        scripts.script("conf", s -> s.word("conf", WordsContractIT::shape));
        scripts.script("envi, its keys", s -> s.word("envi", key('=')));
        scripts.script("dirs", s -> s.word("dirs", WordsContractIT::shape));
        scripts.script("gtmk and stmk", s -> {
            s.word("gtmk", line -> line);
            s.word("stmk\0\0\0\0\0\0\1\0", line -> line);
            s.word("gtmk", line -> line);
        });
        scripts.script("mntr, the lines every monitor reads", s -> {
            s.word("srst", line -> line);
            String answer = s.server().ask("mntr");
            s.note("first: " + answer.lines().limit(2).map(key('\t')).toList());
            lines(
                    s,
                    answer,
                    "zk_version",
                    "zk_server_state",
                    "zk_avg_latency",
                    "zk_max_latency",
                    "zk_min_latency",
                    "zk_packets_received",
                    "zk_packets_sent",
                    "zk_num_alive_connections",
                    "zk_outstanding_requests",
                    "zk_znode_count",
                    "zk_watch_count",
                    "zk_ephemerals_count",
                    "zk_approximate_data_size",
                    "zk_open_file_descriptor_count",
                    "zk_max_file_descriptor_count",
                    "zk_uptime",
                    "zk_global_sessions",
                    "zk_local_sessions",
                    "zk_last_client_response_size",
                    "zk_max_client_response_size",
                    "zk_min_client_response_size",
                    "zk_auth_failed_count",
                    "zk_connection_rejected",
                    "zk_stale_sessions_expired");
        });
    }

    private static void lines(Stage s, String answer, String... keys) {
        for (String key : keys) {
            s.note(answer.lines()
                    .filter(line -> line.startsWith(key + "\t"))
                    .map(line -> key.equals("zk_version") ? key : shape(line))
                    .toList()
                    .toString());
        }
    }

    private static void state(Scripts scripts) {
        scripts.script("stat lists the clients", s -> {
            Session a = s.connect("a");
            a.ping();
            s.wordSorted("stat", WordsContractIT::shape);
        });
        scripts.script("cons tells of each connection, with and without a session", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            s.wordSorted("cons", WordsContractIT::shape);
            a.getData("~/x");
            a.ping();
            s.wordSorted("cons", WordsContractIT::shape);
        });
        scripts.script("dump shows sessions, ephemerals and connections", s -> {
            Session a = s.connect("a");
            a.create("~/e", "", 1);
            a.create("~/f", "", 1);
            s.wordSorted("dump", WordsContractIT::shapeOfDump);
        });
        scripts.script("wchs, wchc and wchp of no watch", s -> {
            s.connect("a");
            s.word("wchs", WordsContractIT::shape);
            s.word("wchc", WordsContractIT::shape);
            s.word("wchp", WordsContractIT::shape);
        });
        scripts.script("wchs counts connections, paths and watches", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.getDataWatched("~");
            a.existsWatched("~/x");
            a.getChildrenWatched("~");
            b.getDataWatched("~");
            s.word("wchs", line -> line);
        });
        scripts.script("wchs with persistent watches", s -> {
            Session a = s.connect("a");
            a.addWatch("~", 0);
            a.addWatch("~/x", 1);
            a.getDataWatched("~");
            s.word("wchs", line -> line);
        });
        scripts.script("wchc lists by session, wchp by path", s -> {
            Session a = s.connect("a");
            a.getDataWatched("~");
            s.word("wchc", WordsContractIT::shape);
            s.word("wchp", line -> line.startsWith("\t") ? shape(line) : line);
        });
        scripts.script("mntr counts nodes, ephemerals and watches", s -> {
            Session a = s.connect("a");
            counts(s);
            a.create("~/x", "");
            a.create("~/e", "", 1);
            a.getDataWatched("~/x");
            a.addWatch("~", 0);
            counts(s);
        });
        scripts.script("srvr counts nodes and tells the zxid", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            long zxid = a.ping().zxid();
            s.note("same zxid: " + s.server().ask("srvr").contains("Zxid: 0x" + Long.toHexString(zxid) + "\n"));
        });
    }

    private static void counts(Stage s) throws IOException {
        String answer = s.server().ask("mntr");
        int nodes = Integer.parseInt(answer.lines()
                .filter(line -> line.startsWith("zk_znode_count\t"))
                .findFirst()
                .orElseThrow()
                .substring("zk_znode_count\t".length()));
        String srvr = s.server().ask("srvr");
        s.note("srvr counts the same nodes: " + srvr.contains("Node count: " + nodes + "\n"));
        for (String key : new String[] {"zk_ephemerals_count", "zk_watch_count", "zk_num_alive_connections"}) {
            answer.lines().filter(line -> line.startsWith(key + "\t")).forEach(s::note);
        }
    }

    private static void transport(Scripts scripts) {
        scripts.script("bytes behind the word are ignored", s -> {
            s.word("ruok\r\n", line -> line);
            s.word("ruok and more text than anybody needs", line -> line);
        });
        scripts.script("a client that half-closes at once still reads the answer", s -> {
            Session a = s.open("a");
            a.sendBytes("ruok", "ruok".getBytes(StandardCharsets.US_ASCII));
            a.halfClose();
            s.note(a.readText());
        });
        scripts.script("a word in four segments", s -> {
            Session a = s.open("a");
            a.dribble("ruok", "ruok".getBytes(StandardCharsets.US_ASCII));
            s.note(a.readText());
        });
        scripts.script("unknown words and the telnet interrupt are closed without a byte", s -> {
            for (String word : new String[] {"lead", "GET ", "kill", "\0\0\0\0"}) {
                Session a = s.open(Arrays.toString(word.getBytes(StandardCharsets.ISO_8859_1)));
                a.sendBytes("word", word.getBytes(StandardCharsets.ISO_8859_1));
                a.awaitClosed();
            }
            Session a = s.open("telnet");
            a.sendBytes("ff f4 ff fd", new byte[] {(byte) 0xff, (byte) 0xf4, (byte) 0xff, (byte) 0xfd});
            a.awaitClosed();
        });
    }
}
