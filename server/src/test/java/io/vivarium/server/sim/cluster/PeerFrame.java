/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.vote.Notification;

/** What servers say to each other; one object is one frame, since framing has tests of its own. */
sealed interface PeerFrame {
    /** The first frame of a link for votes: who calls. */
    record Hello(long sid) implements PeerFrame {}

    record Ballot(Notification message) implements PeerFrame {}

    record Packet(QuorumPacket packet) implements PeerFrame {}

    /** A piece of an image, cut anywhere. */
    record Image(byte[] bytes) implements PeerFrame {}
}
