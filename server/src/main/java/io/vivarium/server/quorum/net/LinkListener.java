/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import io.vivarium.protocol.quorum.QuorumPacket;

/**
 * What {@link QuorumLinks} tells its owner. Thread: peer-io; every method but {@link #turnEnded} must return at once,
 * and none throws.
 *
 * <p>Events of one link come in order; after {@link #closed} the link is spoken of no more. A link that the owner closes
 * is not reported.
 */
public interface LinkListener {
    /** A learner called by the quorum port, and its first packet is whole: {@link #received} brings it next. */
    void arrived(long link);

    /** A dialled link is ready for packets. */
    void opened(long link);

    /** A link broke, could not be made, or what came by it was malformed. */
    void closed(long link, String reason);

    /** The owner says {@link QuorumLinks#consumed} when it has dealt with the packet, or no more will come. */
    void received(long link, QuorumPacket packet);

    /** The image asked for by {@link QuorumLinks#receiveImage} is complete; packets behind it follow. */
    void imageReceived(long link);

    /** No more is at hand for the moment of what was told; the one event that may take its time. */
    void turnEnded();

    /** The quorum port cannot be opened at any of its addresses. */
    void portFailed(String reason);
}
