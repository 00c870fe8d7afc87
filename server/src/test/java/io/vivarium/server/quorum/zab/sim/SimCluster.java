/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab.sim;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.protocol.ensemble.Role;
import io.vivarium.protocol.ensemble.ServerAddress;
import io.vivarium.server.quorum.zab.Ensembles;
import io.vivarium.server.quorum.zab.Proposal;
import io.vivarium.server.quorum.zab.ZabConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Servers with nothing but Zab cores, a model of election, clients, and faults.
 *
 * <p>The model election is deliberately a poor one: it mostly names the server with the newest history among those that
 * see each other, and now and then just anybody. Zab must be safe under both.
 */
final class SimCluster {
    final SimWorld world;
    final Ledger ledger = new Ledger();
    private final Map<Long, SimNode> nodes = new TreeMap<>();
    private final List<SimLink> links = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Set<Long> isolated = new HashSet<>();
    private final int voters;
    private final Ensembles ensembles;
    private final ZabConfig config = ZabConfig.withDefaults(100, 10, 5);
    private boolean faulty = true;
    private long nextLink;
    private long nextTxn;

    SimCluster(SimWorld world, int voters, int observers) {
        this.world = world;
        this.voters = voters;
        this.ensembles = Ensembles.of(ensemble(voters, observers));
        for (long sid = 1; sid <= voters + observers; sid++) {
            nodes.put(sid, new SimNode(this, sid));
        }
    }

    private static Ensemble ensemble(int voters, int observers) {
        List<Member> members = new ArrayList<>();
        for (int sid = 1; sid <= voters + observers; sid++) {
            Role role = sid <= voters ? Role.PARTICIPANT : Role.OBSERVER;
            members.add(new Member(sid, new ServerAddress("server" + sid, 2888, 3888), role, null));
        }
        return Ensemble.ofMajority(members, 0);
    }

    ZabConfig config() {
        return config;
    }

    Ensembles ensembles() {
        return ensembles;
    }

    boolean isVoter(long sid) {
        return sid <= voters;
    }

    SimNode node(long sid) {
        return nodes.get(sid);
    }

    long nextTxn() {
        return ++nextTxn;
    }

    SimLink link(SimNode learner, SimNode leader) {
        SimLink link = new SimLink(world, ++nextLink, learner, leader);
        links.removeIf(SimLink::isDead);
        links.add(link);
        return link;
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    Map<String, Integer> counts() {
        return counts;
    }

    boolean connected(long one, long other) {
        return isolated.contains(one) == isolated.contains(other);
    }

    boolean quorumHas(Proposal proposal) {
        return ensembles.isQuorum(sid -> nodes.get(sid).store.hasDurably(proposal));
    }

    boolean quorumHasWithout(long absent, Proposal proposal) {
        return ensembles.isQuorum(sid -> sid != absent && nodes.get(sid).store.hasDurably(proposal));
    }

    /** Whether a server dies just before its next action. */
    boolean strikes() {
        return faulty && world.chance(0.0004);
    }

    boolean breaksImage() {
        return faulty && world.chance(0.1);
    }

    /** Faults for a while, then none; at the end everybody must have everything. */
    void run(int faultyMillis, int calmMillis) {
        electSoon();
        clientsSoon();
        faultsSoon();
        world.run(faultyMillis);
        heal();
        world.run(calmMillis);
        checkConvergence();
    }

    private void electSoon() {
        world.after(world.between(10_000, 80_000), () -> {
            elect();
            electSoon();
        });
    }

    private void elect() {
        List<SimNode> looking =
                nodes.values().stream().filter(SimNode::isLooking).toList();
        if (looking.isEmpty()) {
            return;
        }
        SimNode any = looking.get(world.dice.nextInt(looking.size()));
        List<SimNode> seen = nodes.values().stream()
                .filter(node -> node.isUp() && connected(any.sid, node.sid))
                .toList();
        List<SimNode> leaders = seen.stream().filter(SimNode::isLeading).toList();
        if (!leaders.isEmpty() && world.chance(0.9)) {
            any.follow(leaders.get(world.dice.nextInt(leaders.size())));
            return;
        }
        List<SimNode> electors = seen.stream().filter(SimNode::isLooking).toList();
        Set<Long> sids = new HashSet<>();
        electors.forEach(node -> sids.add(node.sid));
        List<SimNode> candidates = electors.stream()
                .filter(node -> isVoter(node.sid) && node.mayLead())
                .toList();
        if (!ensembles.isQuorum(sids::contains) || candidates.isEmpty()) {
            return;
        }
        SimNode elected = faulty && world.chance(0.15)
                ? candidates.get(world.dice.nextInt(candidates.size()))
                : candidates.stream()
                        .max(Comparator.comparingLong((SimNode node) -> node.store.currentEpoch())
                                .thenComparingLong(SimNode::lastZxid)
                                .thenComparingLong(node -> node.sid))
                        .orElseThrow();
        elected.lead();
        for (SimNode node : electors) {
            if (node != elected && node.isLooking() && !(faulty && world.chance(0.1))) {
                node.follow(elected);
            }
        }
    }

    /** Clients are busy for a while and silent for a while: some histories part only where nothing follows. */
    private void clientsSoon() {
        long pause = world.chance(0.01) ? world.between(100_000, 1_500_000) : world.between(500, 15_000);
        world.after(pause, () -> {
            for (SimNode node : nodes.values()) {
                if (node.isLeading() && world.chance(0.8)) {
                    int burst = 1 + world.dice.nextInt(3);
                    for (int i = 0; i < burst; i++) {
                        node.propose();
                    }
                } else if (world.chance(0.1)) {
                    node.clientRequest();
                }
            }
            clientsSoon();
        });
    }

    private void faultsSoon() {
        world.after(world.between(20_000, 400_000), () -> {
            if (faulty) {
                fault();
                faultsSoon();
            }
        });
    }

    private void fault() {
        List<SimNode> all = List.copyOf(nodes.values());
        SimNode node = all.get(world.dice.nextInt(all.size()));
        switch (world.dice.nextInt(6)) {
            case 0:
                node.crash();
                break;
            case 1:
                all.forEach(each -> {
                    if (!each.isUp() && world.chance(0.7)) {
                        each.restart();
                    }
                });
                break;
            case 2:
                if (!links.isEmpty()) {
                    links.get(world.dice.nextInt(links.size())).breakOff();
                }
                break;
            case 3:
                partition(all);
                break;
            case 4:
                all.forEach(each -> each.slowDisk(world.chance(0.4)));
                break;
            default:
                node.snapshot();
                break;
        }
    }

    private void partition(List<SimNode> all) {
        isolated.clear();
        if (world.chance(0.5)) {
            for (SimNode node : all) {
                if (world.chance(0.4)) {
                    isolated.add(node.sid);
                }
            }
        }
        world.trace("servers on the other side: " + isolated);
        for (SimLink link : links) {
            if (!link.isDead() && !connected(link.learner.sid, link.leader.sid)) {
                link.blackhole();
            }
        }
    }

    private void heal() {
        world.trace("healed");
        faulty = false;
        isolated.clear();
        nodes.values().forEach(node -> {
            node.slowDisk(false);
            node.restart();
        });
    }

    private void checkConvergence() {
        for (SimNode node : nodes.values()) {
            if (!node.isServing()) {
                throw new AssertionError("server " + node.sid + " does not serve after the faults have ended");
            }
            ledger.serves(node.sid, node.tree(), node.lastZxid());
        }
        SimNode leader = nodes.values().stream()
                .filter(SimNode::isLeading)
                .max(Comparator.comparingLong(SimNode::lastZxid))
                .orElseThrow();
        for (SimNode node : nodes.values()) {
            long behind = leader.tree().tailMap(node.lastZxid(), false).size();
            if (behind > 40) {
                throw new AssertionError("server " + node.sid + " at " + Zxid.toString(node.lastZxid())
                        + " is far behind the leader at " + Zxid.toString(leader.lastZxid()));
            }
        }
    }
}
