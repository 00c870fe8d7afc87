/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.server.quorum.QuorumEvent;
import io.vivarium.server.quorum.QuorumEvent.PacketReceived;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Hears what a server is told by its leader or its learners, and changes nothing. Thread: the test's. */
final class Eavesdropper extends Saboteur {
    private final List<QuorumPacket> heard = new ArrayList<>();

    @Override
    void event(QuorumEvent event, Consumer<QuorumEvent> core) {
        if (event instanceof PacketReceived received) {
            heard.add(received.packet());
        }
        core.accept(event);
    }

    void forget() {
        heard.clear();
    }

    /** How often packets of these types came. */
    long count(int... types) {
        return heard.stream().filter(packet -> isOneOf(packet, types)).count();
    }

    private static boolean isOneOf(QuorumPacket packet, int... types) {
        for (int type : types) {
            if (packet.type() == type) {
                return true;
            }
        }
        return false;
    }

    /** Transactions that were proposed before NEWLEADER and committed between it and UPTODATE. */
    long committedInBetween() {
        int newLeader = indexOf(PacketType.NEW_LEADER);
        int upToDate = indexOf(PacketType.UP_TO_DATE);
        if (newLeader < 0 || upToDate < newLeader) {
            return 0;
        }
        List<Long> proposed = heard.subList(0, newLeader).stream()
                .filter(packet -> packet.type() == PacketType.PROPOSAL)
                .map(QuorumPacket::zxid)
                .toList();
        return heard.subList(newLeader, upToDate).stream()
                .filter(packet -> packet.type() == PacketType.COMMIT && proposed.contains(packet.zxid()))
                .count();
    }

    private int indexOf(int type) {
        for (int i = 0; i < heard.size(); i++) {
            if (heard.get(i).type() == type) {
                return i;
            }
        }
        return -1;
    }
}
