/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.ensemble;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the {@code server.N}, {@code group.G} and {@code weight.N} lines of a file or text say, before anybody asks
 * whether they make an ensemble: a configuration file may hold one server line and mean a standalone server.
 *
 * @param groups group id to server ids, empty without groups
 * @param weights server id to the configured weight, empty without weights
 */
public record MembershipEntries(
        SortedMap<Long, Member> members, SortedMap<Long, List<Long>> groups, SortedMap<Long, Long> weights) {
    private static final String SERVER = "server.";
    private static final String GROUP = "group";
    private static final String WEIGHT = "weight";
    private static final String VERSION = "version";

    /** Whether a key is one of membership; the last two prefixes count without a dot, too (spec operations 1.1, rule 8). */
    public static boolean isMembershipKey(String key) {
        return key.startsWith(SERVER) || key.startsWith(GROUP) || key.startsWith(WEIGHT);
    }

    /** Reads the entries; other keys than those of membership are an error (spec operations 1.9). */
    public static MembershipEntries parse(Map<String, String> entries) {
        TreeMap<Long, Member> members = new TreeMap<>();
        TreeMap<Long, List<Long>> groups = new TreeMap<>();
        TreeMap<Long, Long> weights = new TreeMap<>();
        // Sorted, so that of several faults always the same one is reported.
        new TreeMap<>(entries).forEach((key, value) -> {
            if (key.startsWith(SERVER)) {
                long sid = number(afterDot(key), 10);
                members.put(sid, Member.parse(sid, value));
            } else if (key.startsWith(GROUP)) {
                groups.put(number(afterDot(key), 10), sids(value));
            } else if (key.startsWith(WEIGHT)) {
                weights.put(number(afterDot(key), 10), weight(key, value));
            } else {
                throw new MalformedEnsembleException("Unrecognised parameter: " + key);
            }
        });
        return new MembershipEntries(members, groups, weights);
    }

    /** Any group or weight switches to hierarchical quorums (spec operations 1.4). */
    public boolean isHierarchical() {
        return !groups.isEmpty() || !weights.isEmpty();
    }

    public long participants() {
        return members.values().stream().filter(Member::isVoter).count();
    }

    /** The ensemble of these entries; fails if they are not one. */
    public Ensemble toEnsemble(long version) {
        Ensemble byMajority = Ensemble.ofMajority(members.values(), version);
        return isHierarchical()
                ? new Ensemble(members, version, HierarchicalRule.of(groups, weights, byMajority.voters()))
                : byMajority;
    }

    static Ensemble parseText(String text) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException badEscape) {
            throw new MalformedEnsembleException(
                    "membership text of " + text.length() + " characters: " + badEscape.getMessage());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        TreeMap<String, String> entries = new TreeMap<>();
        properties.forEach((key, value) -> entries.put((String) key, (String) value));
        String version = entries.remove(VERSION);
        return parse(entries).toEnsemble(version == null ? 0 : number(version, 16));
    }

    private static String afterDot(String key) {
        return key.substring(key.indexOf('.') + 1).strip();
    }

    private static List<Long> sids(String value) {
        List<Long> sids = new ArrayList<>();
        for (String sid : value.strip().split(":", -1)) {
            sids.add(number(sid, 10));
        }
        return sids;
    }

    private static long weight(String key, String value) {
        long weight = number(value, 10);
        if (weight < 0 || weight > Integer.MAX_VALUE) {
            throw new MalformedEnsembleException(key + "=" + weight + " is out of range 0 to " + Integer.MAX_VALUE);
        }
        return weight;
    }

    private static long number(String text, int radix) {
        try {
            return Long.parseLong(text.strip(), radix);
        } catch (NumberFormatException notNumber) {
            throw new MalformedEnsembleException("For input string: \"" + text.strip() + "\"");
        }
    }
}
