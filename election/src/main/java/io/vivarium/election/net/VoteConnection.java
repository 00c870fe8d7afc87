/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.vivarium.protocol.vote.Notification;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One established connection to a peer; the last handler of its pipeline.
 *
 * <p>At most one notification is on its way to the socket. The next is fetched from the peer's slot when that one has
 * left, so a slow peer gets the newest state and not a history of states (spec election 1.5). Thread: peer-io.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed close or write shows itself as the end of the channel.
final class VoteConnection extends SimpleChannelInboundHandler<Notification> {
    /** What a connection tells the mesh. */
    interface Owner {
        void onMessage(VoteConnection connection, Notification message);

        void onClosed(VoteConnection connection);
    }

    private static final Logger LOG = LoggerFactory.getLogger(VoteConnection.class);

    private final long sid;
    private final Channel channel;
    private final long openedNanos;
    private final Owner owner;
    private boolean writing;

    VoteConnection(long sid, Channel channel, long openedNanos, Owner owner) {
        super(Notification.class);
        this.sid = sid;
        this.channel = channel;
        this.openedNanos = openedNanos;
        this.owner = owner;
    }

    long sid() {
        return sid;
    }

    boolean isActive() {
        return channel.isActive();
    }

    long ageNanos(long nowNanos) {
        return nowNanos - openedNanos;
    }

    /** Sends what {@code next} has, one after the other, until it has nothing. */
    void pump(Supplier<@Nullable Notification> next) {
        if (writing) {
            return;
        }
        Notification message = next.get();
        if (message != null) {
            writing = true;
            channel.writeAndFlush(message).addListener(done -> {
                writing = false;
                if (done.isSuccess()) {
                    pump(next);
                } else {
                    LOG.debug("Cannot write to server {}: {}", sid, String.valueOf(done.cause()));
                    channel.close();
                }
            });
        }
    }

    void close() {
        channel.close();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Notification message) {
        owner.onMessage(this, message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        owner.onClosed(this);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.warn(
                "Closing the election connection of server {}: {}",
                sid,
                HandshakeDecoder.rootOf(cause).getMessage());
        context.close();
    }

    @Override
    public String toString() {
        return "server " + sid + " " + channel;
    }
}
