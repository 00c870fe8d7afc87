/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.vivarium.protocol.vote.VoteHandshake;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits on an accepted connection for the message that says who calls, and then makes room for what comes next (spec
 * election 1.2).
 *
 * <p>Every caller has a decoder and a deadline of its own, so a silent one keeps nobody else waiting (S8). The message is
 * read fully, however it is cut into segments. Thread: peer-io.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed close or write shows itself as the end of the channel.
final class HandshakeDecoder extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(HandshakeDecoder.class);
    private static final int MAX_BYTES = 20 + VoteHandshake.MAX_ADDRESS_BYTES;

    private final int timeoutMillis;
    private final BiConsumer<Channel, VoteHandshake> onHandshake;
    private @Nullable Future<?> deadline;

    HandshakeDecoder(int timeoutMillis, BiConsumer<Channel, VoteHandshake> onHandshake) {
        this.timeoutMillis = timeoutMillis;
        this.onHandshake = onHandshake;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        deadline = context.executor().schedule(() -> onTimeout(context), timeoutMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        ByteBuffer bytes = in.nioBuffer(in.readerIndex(), Math.min(in.readableBytes(), MAX_BYTES));
        VoteHandshake handshake = VoteHandshake.tryDecode(bytes);
        if (handshake != null) {
            in.skipBytes(bytes.position());
            // The owner adds what reads frames; removing this handler passes on the bytes that are left.
            onHandshake.accept(context.channel(), handshake);
            context.pipeline().remove(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.warn("Closing {}: {}", context.channel(), rootOf(cause).getMessage());
        context.close();
    }

    private void onTimeout(ChannelHandlerContext context) {
        LOG.warn("Closing {}: no initial message within {} ms", context.channel(), timeoutMillis);
        context.close();
    }

    static Throwable rootOf(Throwable failure) {
        return failure.getCause() == null ? failure : rootOf(failure.getCause());
    }
}
