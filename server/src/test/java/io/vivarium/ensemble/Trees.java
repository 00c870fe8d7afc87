/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.drill.TreeDump;
import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Compares what members hold, as a client sees it: data, ACL and stat of every node. Thread: test. */
public final class Trees {
    /** Each member shows its own configuration there, releases before 3.5 nothing (spec quorum 10.3). */
    private static final String CONFIG = "/zookeeper/config";

    private Trees() {}

    /**
     * Every running member holds the same. A dump begins with a new session, which the member learns of after every
     * transaction before it; so nobody is asked too early.
     */
    static void assertEqual(EnsembleProcesses ensemble, String when) throws IOException {
        EnsembleMember first = ensemble.running().get(0);
        Map<String, TreeDump.Seen> expected = dump(first);
        for (EnsembleMember other : ensemble.running()) {
            Map<String, TreeDump.Seen> seen = dump(other);
            Map<String, String> differences = new TreeMap<>();
            expected.forEach((path, node) -> {
                if (!node.equals(seen.get(path))) {
                    differences.put(path, "\n   " + node + "\n   " + seen.get(path) + "\n");
                }
            });
            seen.keySet().stream()
                    .filter(path -> !expected.containsKey(path))
                    .forEach(path -> differences.put(path, "only the second has " + seen.get(path)));
            assertThat(differences)
                    .as("%s: difference of %s and %s\n%s", when, first, other, ensemble.report())
                    .isEmpty();
        }
    }

    private static Map<String, TreeDump.Seen> dump(EnsembleMember member) throws IOException {
        return dump("127.0.0.1", member.clientPort());
    }

    /** What a server holds and must share with all members. */
    public static Map<String, TreeDump.Seen> dump(String host, int port) throws IOException {
        Map<String, TreeDump.Seen> nodes = new TreeMap<>(TreeDump.of(host, port).nodes());
        nodes.remove(CONFIG);
        // Its stat counts the node above.
        nodes.remove("/zookeeper");
        return nodes;
    }
}
