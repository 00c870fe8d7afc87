/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import io.netty.channel.ChannelPipeline;

/**
 * Puts what protects a connection in front of the election protocol (spec election 1.8). Thread: peer-io.
 *
 * <p>It is called while the pipeline is still empty; whatever it adds must hold back writes until it is ready, as
 * Netty's {@code SslHandler} does.
 */
@FunctionalInterface
public interface LinkSecurity {
    /** Plain TCP. */
    LinkSecurity PLAIN = (pipeline, side) -> {};

    void protect(ChannelPipeline pipeline, Side side);
}
