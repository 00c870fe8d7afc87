/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageCodec;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.NotificationLayout;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frames of the election port (spec election 1.4): {@code int length}, 1 to {@value #MAX_BODY_BYTES}, then a
 * notification.
 *
 * <pre>
 * LENGTH --four bytes, in range--> BODY --all of it--> LENGTH
 *    \--out of range--> REFUSED (the connection is closed)
 * </pre>
 *
 * <p>A body that makes no sense is dropped and the connection lives on; a length that makes no sense ends it, since
 * nobody knows where the next frame begins. Buffers grow with the bytes that are really there. Thread: peer-io.
 */
final class VoteFrameCodec extends ByteToMessageCodec<Notification> {
    static final int MAX_BODY_BYTES = 524_288;

    private static final Logger LOG = LoggerFactory.getLogger(VoteFrameCodec.class);

    private enum ParseState {
        LENGTH,
        BODY,
        REFUSED
    }

    private ParseState state = ParseState.LENGTH;
    private int bodyBytes;
    private long dropped;

    VoteFrameCodec() {
        super(Notification.class);
    }

    @Override
    protected void encode(ChannelHandlerContext context, Notification message, ByteBuf out) {
        byte[] body = message.encode(NotificationLayout.CONFIG);
        out.writeInt(body.length).writeBytes(body);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        switch (state) {
            case LENGTH -> readLength(in);
            case BODY -> readBody(context, in, out);
            case REFUSED -> in.skipBytes(in.readableBytes());
        }
    }

    /** The first of a connection is worth a warning; a peer that goes on like this must not fill the log. */
    private void report(ChannelHandlerContext context, MalformedDataException e) {
        String text = "Dropped a notification of {} bytes from {}: {}";
        if (dropped++ == 0) {
            LOG.warn(text, bodyBytes, context.channel(), e.getMessage());
        } else {
            LOG.debug(text, bodyBytes, context.channel(), e.getMessage());
        }
    }

    private void readLength(ByteBuf in) {
        if (in.readableBytes() < Integer.BYTES) {
            return;
        }
        int length = in.readInt();
        if (length < 1 || length > MAX_BODY_BYTES) {
            state = ParseState.REFUSED;
            throw MalformedDataException.badLength(0, length, MAX_BODY_BYTES);
        }
        bodyBytes = length;
        state = ParseState.BODY;
    }

    private void readBody(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < bodyBytes) {
            return;
        }
        state = ParseState.LENGTH;
        int end = in.readerIndex() + bodyBytes;
        try {
            out.add(Notification.decode(in.nioBuffer(in.readerIndex(), bodyBytes)));
        } catch (MalformedDataException e) {
            report(context, e);
        }
        in.readerIndex(end);
    }
}
