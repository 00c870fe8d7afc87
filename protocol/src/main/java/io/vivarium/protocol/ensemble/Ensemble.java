/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.ensemble;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/**
 * A membership: the members, what is a quorum of them, and the version of this agreement.
 *
 * <p>Text form ({@link #toText}, {@link #parse}; spec quorum 10.2, election 2.5), lines divided by {@code \n}, none at
 * the end:
 *
 * <pre>
 * server.1=zoo1:2888:3888:participant;0.0.0.0:2181
 * group.1=1:2:3                                      only with groups
 * weight.1=1                                         only with groups
 * version=100000000                                  hexadecimal
 * </pre>
 *
 * @param members by server id, ascending; at least one participant
 * @param version zxid of the reconfiguration that made it; 0 for a static file
 */
public record Ensemble(SortedMap<Long, Member> members, long version, QuorumRule rule) {
    public Ensemble {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        if (members.values().stream().noneMatch(Member::isVoter)) {
            throw new MalformedEnsembleException("Observers w/o participants is an invalid configuration");
        }
    }

    /** An ensemble that decides by majority. */
    public static Ensemble ofMajority(Collection<Member> members, long version) {
        TreeMap<Long, Member> bySid = new TreeMap<>();
        members.forEach(member -> bySid.put(member.sid(), member));
        return new Ensemble(bySid, version, new MajorityRule(sidsOf(bySid.values(), Role.PARTICIPANT)));
    }

    /** Reads the text form. Any other key is an error, and so is a number that is none; nothing but that is thrown. */
    public static Ensemble parse(String text) {
        return MembershipEntries.parseText(text);
    }

    /** Server ids of all participants, ascending. */
    public SortedSet<Long> voters() {
        return sidsOf(members.values(), Role.PARTICIPANT);
    }

    /** Server ids of all observers, ascending. */
    public SortedSet<Long> observers() {
        return sidsOf(members.values(), Role.OBSERVER);
    }

    public Optional<Member> member(long sid) {
        return Optional.ofNullable(members.get(sid));
    }

    public boolean isVoter(long sid) {
        Member member = members.get(sid);
        return member != null && member.isVoter();
    }

    public boolean isQuorum(Set<Long> sids) {
        return rule.isQuorum(sids);
    }

    public boolean isQuorum(LongPredicate contains) {
        return rule.isQuorum(contains);
    }

    public Ensemble withVersion(long newVersion) {
        return new Ensemble(members, newVersion, rule);
    }

    /** Whether both describe the same agreement: same kind of rule, and same version or same membership (quorum 10.2). */
    public boolean isSameAgreement(Ensemble other) {
        return rule.getClass() == other.rule.getClass() && (version == other.version || hasSameMembers(other));
    }

    /** Whether members, addresses, roles, groups and weights are the same, whatever the version. */
    public boolean hasSameMembers(Ensemble other) {
        return members.equals(other.members) && rule.equals(other.rule);
    }

    /** The text form with the version line. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        for (String line : lines()) {
            text.append(line).append('\n');
        }
        return text.append("version=").append(Long.toHexString(version)).toString();
    }

    /** The lines of the text form without the version, as a dynamic configuration file holds them (before sorting). */
    public List<String> lines() {
        List<String> lines = members.values().stream()
                .map(member -> "server." + member.sid() + "=" + member.toText())
                .collect(Collectors.toList());
        if (rule instanceof HierarchicalRule hierarchical) {
            hierarchical
                    .groups()
                    .forEach((gid, sids) -> lines.add("group." + gid + "="
                            + sids.stream().map(String::valueOf).collect(Collectors.joining(":"))));
            hierarchical.weights().forEach((sid, weight) -> lines.add("weight." + sid + "=" + weight));
        }
        return List.copyOf(lines);
    }

    private static SortedSet<Long> sidsOf(Collection<Member> members, Role role) {
        TreeSet<Long> sids = new TreeSet<>();
        for (Member member : members) {
            if (member.role() == role) {
                sids.add(member.sid());
            }
        }
        return Collections.unmodifiableSortedSet(sids);
    }
}
