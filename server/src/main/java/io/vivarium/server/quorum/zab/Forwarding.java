/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import java.util.ArrayList;
import java.util.List;

/**
 * Who gets live traffic: followers PROPOSAL and COMMIT, observers INFORM (spec quorum 4, "Begin forwarding").
 *
 * <p>The lists are immutable and made anew when somebody joins or leaves, so a broadcast shares them. Thread: core.
 */
final class Forwarding {
    private List<Long> followers = List.of();
    private List<Long> observers = List.of();

    void add(LearnerPeer peer) {
        if (peer.observer) {
            observers = with(observers, peer.link);
        } else {
            followers = with(followers, peer.link);
        }
    }

    void remove(LearnerPeer peer) {
        followers = without(followers, peer.link);
        observers = without(observers, peer.link);
    }

    List<Long> followers() {
        return followers;
    }

    List<Long> observers() {
        return observers;
    }

    private static List<Long> with(List<Long> links, long link) {
        List<Long> more = new ArrayList<>(links);
        more.add(link);
        return List.copyOf(more);
    }

    private static List<Long> without(List<Long> links, long link) {
        if (!links.contains(link)) {
            return links;
        }
        List<Long> fewer = new ArrayList<>(links);
        fewer.remove(Long.valueOf(link));
        return List.copyOf(fewer);
    }
}
