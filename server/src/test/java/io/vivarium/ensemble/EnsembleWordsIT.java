/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.FourLetterWord;
import io.vivarium.testkit.process.Role;
import io.vivarium.testkit.process.ServerDistribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Four-letter words of the members of an ensemble, of ours and of stock 3.9.5, side by side: three voters, the last of which
 * leads, and an observer, with a client at each kind (spec operations 3).
 */
class EnsembleWordsIT {
    private static final Map<Role, Long> SEATS =
            new TreeMap<>(Map.of(Role.FOLLOWER, 1L, Role.LEADER, 3L, Role.OBSERVER, 4L));
    private static final Set<String> ADDED = Set.of("followers", "fsync_threshold_exceed_count");
    /** A line of a summary; these gauges only look like one. */
    private static final Pattern OF_SUMMARY = Pattern.compile("(?:avg|min|max|cnt|sum|p50|p95|p99|p999)_"
            + "(?!latency$|client_response_size$|file_descriptor_count$|proposal_size$)(.+)");

    @TempDir
    private static Path directory;

    private static final List<EnsembleProcesses> RUNNING = new ArrayList<>();
    private static final List<Client> CLIENTS = new ArrayList<>();
    private static EnsembleProcesses stock;
    private static EnsembleProcesses ours;

    @BeforeAll
    static void start() throws Exception {
        stock = build("stock", Kinds.stock(Kinds.STOCK_CURRENT)).start(1, 3);
        ours = build("ours", ServerDistribution.ours()).start(1, 3);
        for (EnsembleProcesses each : RUNNING) {
            each.member(3).awaitRole(Role.LEADER);
            each.start(2, 4).awaitAllServing();
            for (long seat : SEATS.values()) {
                Client client = Client.to(each.member(seat));
                CLIENTS.add(client);
                client.createEphemeral("/ephemeral-" + seat);
            }
        }
    }

    private static EnsembleProcesses build(String name, ServerDistribution kind) throws IOException {
        EnsembleProcesses ensemble = EnsembleProcesses.in(directory.resolve(name))
                .participant(1, kind)
                .participant(2, kind)
                .participant(3, kind)
                .observer(4, kind)
                .build();
        RUNNING.add(ensemble);
        return ensemble;
    }

    @AfterAll
    static void stop() throws IOException {
        CLIENTS.forEach(Client::close);
        for (EnsembleProcesses each : RUNNING) {
            each.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"FOLLOWER", "LEADER", "OBSERVER"})
    void words_have_the_form_of_stock_in_every_role(Role role) throws Exception {
        for (String word : List.of("srvr", "stat", "conf", "cons", "dump", "isro", "ruok", "wchs", "crst", "srst")) {
            assertThat(shape(ask(ours, role, word)))
                    .as("%s of the %s", word, role)
                    .isEqualTo(shape(ask(stock, role, word)));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"FOLLOWER", "LEADER", "OBSERVER"})
    void mntr_has_the_names_of_stock_but_those_that_are_listed(Role role) throws Exception {
        Set<String> of = names(ask(stock, role, "mntr"));
        Set<String> own = names(ask(ours, role, "mntr"));
        Set<String> missing = without(of, own);
        Set<String> listed = listed();
        listed.retainAll(of);

        assertThat(missing).as("missing in mntr of the %s", role).isEqualTo(listed);
        assertThat(ADDED).containsAll(without(own, of));
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"FOLLOWER", "LEADER", "OBSERVER"})
    void mntr_tells_of_the_role_what_stock_tells(Role role) throws Exception {
        assertThat(ofRole(ask(ours, role, "mntr"))).isEqualTo(ofRole(ask(stock, role, "mntr")));
    }

    @Test
    void the_sizes_of_proposals_are_those_of_stock() throws Exception {
        List<String> lines = new ArrayList<>();
        for (EnsembleProcesses each : RUNNING) {
            FourLetterWord.ask(each.member(3).clientPort(), "srst");
            try (Client client = Client.to(each.member(3))) {
                client.create("/sized", "a little data");
                lines.add(last(FourLetterWord.ask(each.member(3).clientPort(), "srvr")));
            }
        }

        assertThat(lines.get(1)).isEqualTo(lines.get(0)).startsWith("Proposal sizes last/min/max: ");
    }

    @Test
    void a_member_without_a_quorum_says_what_stock_says_and_ends_quietly() throws Exception {
        List<List<String>> answers = new ArrayList<>();
        for (ServerDistribution kind : List.of(Kinds.stock(Kinds.STOCK_CURRENT), ServerDistribution.ours())) {
            try (EnsembleProcesses ensemble = build("alone-" + kind.name().replace(' ', '-'), kind)) {
                RUNNING.remove(ensemble);
                EnsembleMember alone =
                        ensemble.start(1).member(1).awaitLog("New election. My id = 1, proposed zxid=0x0");
                List<String> said = new ArrayList<>();
                for (String word :
                        List.of("srvr", "stat", "mntr", "conf", "cons", "dump", "hash", "wchs", "isro", "ruok")) {
                    said.add(word + ": " + FourLetterWord.ask(alone.clientPort(), word));
                }
                answers.add(said);
                if (kind.name().equals("vivarium")) {
                    alone.stop();
                    assertThat(alone.log()).noneMatch(line -> line.startsWith("\tat ") || line.contains("ERROR"));
                    assertThat(alone.log())
                            .filteredOn(line -> line.contains("[core:"))
                            .allMatch(line -> line.contains("[myid:1]"));
                }
            }
        }

        assertThat(answers.get(1)).isEqualTo(answers.get(0));
    }

    // ---- What is compared -------------------------------------------------------------------------------------

    private static String ask(EnsembleProcesses ensemble, Role role, String word) throws IOException {
        return FourLetterWord.ask(ensemble.member(SEATS.get(role)).clientPort(), word);
    }

    /** Sorted, without numbers, ids, paths, versions, and what depends on the moment. */
    private static List<String> shape(String answer) {
        return answer.lines()
                .filter(line -> !line.contains("expire at") && !line.startsWith("\tip:") && !line.startsWith("\t0x"))
                .map(line -> line.replaceAll("^(Zookeeper version: ).*", "$1V")
                        .replaceAll("(/[^ =]*)?/(data)(/version-2)?", "DIR$3")
                        .replaceAll("Sets \\([0-9]+\\)", "Sets (N)")
                        .replaceAll("lop=[A-Z]+", "lop=OP")
                        .replaceAll("0x[0-9a-f]+", "0xH")
                        .replaceAll("-?[0-9]+(\\.[0-9]+)?(E-?[0-9]+)?", "N"))
                .sorted()
                .toList();
    }

    /** The names of all values but those of single namespaces and single learners, sorted. */
    private static Set<String> names(String answer) {
        Set<String> names = new TreeSet<>();
        answer.lines()
                .map(line -> line.substring("zk_".length(), line.indexOf('\t')))
                .filter(name -> !name.endsWith("_per_namespace"))
                .forEach(name -> {
                    Matcher summary = OF_SUMMARY.matcher(name);
                    String whole = summary.matches() ? summary.group(1) : name;
                    names.add(whole.replaceFirst("^[0-9]+_", ""));
                });
        return names;
    }

    /** The lines that the role makes, as far as both ensembles have done the same. */
    private static Map<String, String> ofRole(String answer) {
        Map<String, String> values = new TreeMap<>();
        answer.lines()
                .filter(line -> line.matches("zk_(server_state|peer_state|observer_master_id|quorum_size|learners"
                        + "|synced_followers|synced_non_voting_followers|synced_observers|pending_syncs|looking_count"
                        + "|quit_leading_due_to_disloyal_voter|global_sessions|local_sessions)\t.*"))
                .forEach(line ->
                        values.put(line.substring(0, line.indexOf('\t')), line.substring(line.indexOf('\t') + 1)));
        return values;
    }

    /** The names in the table of docs/compatibility.md. */
    private static Set<String> listed() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "compatibility.md"));
        int begin = page.indexOf("### Metrics");
        Set<String> names = new TreeSet<>();
        page.substring(begin, page.indexOf("###", begin + 1))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(0, line.indexOf('|', 1)))
                .forEach(line -> Pattern.compile("`([a-z_0-9]+)`")
                        .matcher(line)
                        .results()
                        .forEach(found -> names.add(found.group(1))));
        return names;
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    private static String last(String answer) {
        List<String> lines = answer.lines().toList();
        return lines.get(lines.size() - 1);
    }
}
