/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The names in {@code mntr}, and what requests do to the numbers behind them (spec operations 3.4, 5.2). */
class MonitorContractIT extends ContractSuite {
    /** Names of stock that ours does not print, by the reason why; the same list stands in docs/compatibility.md. */
    private enum Absent {
        STAGES("""
                close_session_prep_time commit_commit_proc_req_queued commit_process_time commit_propagation_latency
                concurrent_request_processing_in_commit_processor learner_request_processor_queue_size
                local_write_committed_time_ms netty_queued_buffer_capacity pending_session_queue_size prep_process_time
                proposal_ack_creation_latency proposal_latency proposal_process_time read_commit_proc_issued
                read_commit_proc_req_queued read_commitproc_time_ms read_final_proc_time_ms
                reads_after_write_in_session_queue reads_issued_from_session_queue request_commit_queued
                request_throttle_queue_time_ms requests_in_session_queue requests_not_forwarded_to_commit_processor
                server_write_committed_time_ms session_queues_drained skip_learner_request_to_next_processor_count
                socket_closing_time sync_process_time throttled_ops time_waiting_empty_pool_in_commit_processor_read_ms
                write_batch_time_in_commit_processor write_commit_proc_issued write_commit_proc_req_queued
                write_commitproc_time_ms write_final_proc_time_ms"""),
        CACHES("""
                response_packet_cache_hits response_packet_cache_misses response_packet_get_children_cache_hits
                response_packet_get_children_cache_misses"""),
        DEAD_WATCHERS("""
                add_dead_watcher_stall_time dead_watchers_cleaner_latency dead_watchers_cleared dead_watchers_queued"""),
        FEATURES("""
                ensemble_auth_fail ensemble_auth_skip ensemble_auth_success insecure_admin_count jvm_pause_time_ms
                non_mtls_local_conn_count non_mtls_remote_conn_count om_commit_process_time_ms om_proposal_process_time_ms
                outstanding_tls_handshake restore_error_count
                restore_rate_limited_count restore_time snapshot_error_count snapshot_rate_limited_count
                tls_handshake_exceeded unsuccessful_handshake"""),
        FATAL("unrecoverable_error_count");

        private final String names;

        Absent(String names) {
            this.names = names;
        }

        static Stream<String> all() {
            return Arrays.stream(values())
                    .flatMap(group -> Arrays.stream(group.names.strip().split("\\s+")));
        }
    }

    /** Printed by 3.4 and dropped later; old checks read it. */
    private static final Set<String> ADDED = Set.of("fsync_threshold_exceed_count");

    /** A line of a summary; three gauges only look like one. */
    private static final Pattern OF_SUMMARY = Pattern.compile("(?:avg|min|max|cnt|sum|p50|p95|p99|p999)_"
            + "(?!latency$|client_response_size$|file_descriptor_count$)(.+)");

    @Override
    ServerProfile profile() {
        return ServerProfile.named("monitor")
                .config("4lw.commands.whitelist", "*")
                .property("zookeeper.4lw.commands.whitelist", "*");
    }

    @Override
    void write(Scripts scripts) {
        if (seat() == Seat.STANDALONE) {
            // What only members have to tell has no list yet.
            namesOfAll(scripts);
        }
        scripts.script("mntr, the lines of a summary with and without quantiles", s -> {
            String answer = s.server().ask("mntr");
            for (String name : new String[] {"readlatency", "fsynctime"}) {
                s.note(new TreeSet<>(answer.lines()
                                .filter(line -> line.matches("zk_\\w+_" + name + "\t[0-9]+(\\.[0-9]{1,4})?"))
                                .map(line -> line.substring(0, line.indexOf('\t')))
                                .toList())
                        .toString());
            }
        });
        scripts.script("mntr counts requests, answers and bytes of a session", s -> {
            srst(s);
            Session a = s.connect("a");
            a.create("~/x", "12345");
            a.create("~/none/x", "");
            a.getDataWatched("~/x");
            a.getData("~/none");
            a.exists("~/x");
            a.getChildren("~");
            a.getAcl("~");
            a.setData("~/x", "1", -1);
            a.delete("~/x", -1);
            // Stock counts the bytes of an answer after it has sent it, and those of a ping not at all: behind the
            // answer to a ping all the others are counted.
            a.ping();
            numbers(
                    s,
                    "cnt_readlatency",
                    "cnt_updatelatency",
                    "response_bytes",
                    "watch_bytes",
                    "connection_request_count",
                    "connection_revalidate_count",
                    "cnt_connection_token_deficit",
                    "cnt_propagation_latency",
                    "outstanding_changes_queued",
                    "outstanding_changes_removed",
                    "cnt_node_changed_watch_count",
                    "sum_node_changed_watch_count",
                    "cnt_node_created_watch_count",
                    "connection_drop_count",
                    "stale_requests",
                    "large_requests_rejected");
        });
        scripts.script("mntr counts bytes read and written by the first element of the path", s -> {
            srst(s);
            Session a = s.connect("a");
            a.create("~/x", "12345");
            a.getData("~/x");
            a.exists("~/x");
            a.exists("~/none");
            a.getChildren("~");
            a.getChildren2("~");
            a.getAcl("~");
            a.setData("~/x", "123", -1);
            a.delete("~/x", -1);
            namespaces(s);
        });
        // When a server sees that the first connection is gone, before or after the second, is chance: no
        // connection_drop_count.
        scripts.script("mntr counts clients that leave without a word and return", s -> {
            srst(s);
            Session a = s.connect("a");
            a.drop();
            s.reattach("b", a).ping();
            numbers(s, "connection_request_count", "connection_revalidate_count");
        });
        scripts.script("mntr shows a quota by the first element of its path", s -> {
            Session a = s.connect("a");
            String quota = "/zookeeper/quota" + a.path("~");
            a.create(quota, "");
            a.create(quota + "/zookeeper_limits", "count=10,bytes=-1");
            a.create(quota + "/zookeeper_stats", "count=1,bytes=0");
            a.create("~/x", "12345");
            namespaces(s);
        });
    }

    private static void namesOfAll(Scripts scripts) {
        scripts.deviation(
                "mntr, the names of what this server does not measure",
                "a number that is always 0 tells a monitor that all is well",
                s -> names(s.server().ask("mntr")).forEach(s::note),
                Stream.concat(
                                Absent.all().map(name -> "- " + name),
                                ADDED.stream().map(name -> "+ " + name))
                        .sorted((a, b) -> a.substring(2).compareTo(b.substring(2)))
                        .collect(Collectors.joining("\n")));
    }

    @Test
    void everyNameThatIsNotPrintedStandsInTheListOfDifferences() {
        assertThat(Path.of("..", "docs", "compatibility.md"))
                .content()
                .contains(Absent.all().map(name -> "`" + name + "`").toList());
    }

    private static void srst(Stage s) throws IOException {
        s.word("srst", line -> line);
    }

    /** The names of all values but those of single namespaces, sorted. */
    private static Set<String> names(String answer) {
        Set<String> names = new TreeSet<>();
        answer.lines()
                .map(line -> line.substring("zk_".length(), line.indexOf('\t')))
                .filter(name -> !name.endsWith("_per_namespace"))
                .forEach(name -> {
                    Matcher summary = OF_SUMMARY.matcher(name);
                    names.add(summary.matches() ? summary.group(1) : name);
                });
        return names;
    }

    private static void numbers(Stage s, String... names) throws IOException {
        Map<String, String> values = values(s);
        for (String name : names) {
            s.note(name + " " + values.get("zk_" + name));
        }
    }

    private static void namespaces(Stage s) throws IOException {
        values(s).forEach((name, value) -> {
            if (name.matches("zk_(cnt_|sum_|min_|max_)?script\\d+_\\w+_per_namespace") && !value.equals("0")) {
                s.note(name.replaceFirst("script\\d+", "SCRIPT") + " " + value);
            }
        });
    }

    private static Map<String, String> values(Stage s) throws IOException {
        Map<String, String> values = new TreeMap<>();
        s.server().ask("mntr").lines().forEach(line -> {
            int tab = line.indexOf('\t');
            values.put(line.substring(0, tab), line.substring(tab + 1));
        });
        return values;
    }
}
