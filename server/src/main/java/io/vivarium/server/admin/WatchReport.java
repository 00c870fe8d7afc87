/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.server.pipeline.ClientLink;
import io.vivarium.server.pipeline.TreeGate;
import io.vivarium.server.watch.WatchCounts;
import io.vivarium.server.watch.WatchTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code wchs}, {@code wchc}, {@code wchp}: the watches in numbers, by session, by path (spec operations 3.3).
 *
 * <p>Thread: any that may wait for a shared hold of the gate. The hold lasts for the copying only; the text is made after it.
 */
final class WatchReport {
    private final TreeGate gate;
    private final WatchTable watches;

    WatchReport(TreeGate gate, WatchTable watches) {
        this.gate = gate;
        this.watches = watches;
    }

    String wchs() {
        long stamp = gate.enterShared();
        WatchCounts counts;
        try {
            counts = watches.counts();
        } finally {
            gate.leaveShared(stamp);
        }
        return counts.watchers() + " connections watching " + counts.paths() + " paths\nTotal watches:"
                + counts.watches() + "\n";
    }

    String wchc() {
        Map<String, List<String>> pathsBySession = new TreeMap<>();
        for (Pair pair : copy()) {
            pathsBySession
                    .computeIfAbsent(pair.session(), key -> new ArrayList<>())
                    .add(pair.path);
        }
        return text(pathsBySession);
    }

    String wchp() {
        Map<String, List<String>> sessionsByPath = new TreeMap<>();
        for (Pair pair : copy()) {
            sessionsByPath.computeIfAbsent(pair.path, key -> new ArrayList<>()).add(pair.session());
        }
        return text(sessionsByPath);
    }

    private static String text(Map<String, List<String>> groups) {
        StringBuilder text = new StringBuilder();
        groups.forEach((head, members) -> {
            text.append(head).append('\n');
            for (String member : members) {
                text.append('\t').append(member).append('\n');
            }
        });
        return text.append('\n').toString();
    }

    private List<Pair> copy() {
        List<Pair> pairs = new ArrayList<>();
        long stamp = gate.enterShared();
        try {
            watches.forEachDataWatch((path, watcher) -> pairs.add(new Pair(path, ((ClientLink) watcher).sessionId())));
        } finally {
            gate.leaveShared(stamp);
        }
        return pairs;
    }

    private record Pair(String path, long sessionId) {
        String session() {
            return "0x" + Long.toHexString(sessionId);
        }
    }
}
