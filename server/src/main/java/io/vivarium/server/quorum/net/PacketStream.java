/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vivarium.election.net.Side;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.quorum.QuorumPacketDecoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What comes in by one link: packets, and an image between two of them (spec quorum 1.1, 1.5).
 *
 * <pre>
 * PACKETS --SNAP, on a link we dialled--> BETWEEN --{@link #receiveImage}--> IMAGE --signature read--> PACKETS
 * any --{@link #stop}--> STOPPED
 * </pre>
 *
 * <p>Packets are read out of the bytes as received. Only a packet that arrives in pieces is collected, and of what
 * follows exactly the bytes it lacks are copied. Bounded: an unfinished packet or element of an image has at most twice
 * the greatest length and some bytes; in BETWEEN the owner stops reading. Thread: peer-io.
 */
final class PacketStream {
    /** Where the content goes. It may stop the stream, and nothing else, from inside. */
    interface Receiver {
        void onPacket(QuorumPacket packet);

        void onImage();
    }

    private enum State {
        /** A packet is next. */
        PACKETS,
        /** An image is next, and nobody has asked for it yet. */
        BETWEEN,
        /** The image goes to the sink. */
        IMAGE,
        /** Whatever comes is dropped. */
        STOPPED
    }

    /** Fields of a node or of a packet beside its two great ones. */
    private static final int SMALL_FIELDS_BYTES = 1024;

    private final Side side;
    private final QuorumPacketDecoder decoder;
    private final long maxUnfinished;
    private final Receiver receiver;
    private State state = State.PACKETS;
    private @Nullable ByteBuf rest;
    private @Nullable ImageSink sink;
    private long offset;

    PacketStream(Side side, int maxLength, Receiver receiver) {
        this.side = side;
        this.decoder = new QuorumPacketDecoder(maxLength);
        this.maxUnfinished = 2L * maxLength + SMALL_FIELDS_BYTES;
        this.receiver = receiver;
    }

    /** Nothing more can be done until somebody asks for the image. */
    boolean isBetween() {
        return state == State.BETWEEN;
    }

    /** An image is next or under way. */
    boolean isInImage() {
        return state == State.BETWEEN || state == State.IMAGE;
    }

    /**
     * Takes what was received; the buffer is still the caller's, and empty.
     *
     * @throws MalformedDataException if the bytes cannot be what they should be; the stream is lost
     */
    void accept(ByteBuf in, ByteBufAllocator allocator) {
        while (rest != null && in.isReadable()) {
            int lacking = state == State.PACKETS ? decoder.needed() - rest.readableBytes() : in.readableBytes();
            rest.writeBytes(in, Math.min(lacking, in.readableBytes()));
            takeRest();
        }
        take(in);
        if (in.isReadable()) {
            rest = allocator.buffer(in.readableBytes()).writeBytes(in);
        }
    }

    /**
     * The image goes here, beginning with what has come of it already.
     *
     * @throws IllegalStateException if no image is next
     */
    void receiveImage(ImageSink to) {
        if (state == State.STOPPED) {
            return;
        }
        if (state != State.BETWEEN) {
            throw new IllegalStateException("no image is next in this stream, but " + state);
        }
        sink = to;
        state = State.IMAGE;
        takeRest();
    }

    /** From now on everything is dropped. */
    void stop() {
        state = State.STOPPED;
        sink = null;
    }

    /** Gives back everything; the link is over. */
    void release() {
        stop();
        if (rest != null) {
            rest.release();
            rest = null;
        }
    }

    private void takeRest() {
        ByteBuf collected = rest;
        if (collected == null) {
            return;
        }
        take(collected);
        if (!collected.isReadable()) {
            rest = null;
            collected.release();
        } else {
            // Moves what is left to the front only when that is worth it.
            collected.discardSomeReadBytes();
        }
    }

    /** Takes all that is whole, and leaves the rest. */
    private void take(ByteBuf in) {
        if (!in.isReadable()) {
            return;
        }
        ByteBuffer view = in.nioBuffer();
        int start = in.readerIndex();
        boolean more = true;
        while (more) {
            more = switch (state) {
                case PACKETS -> takePacket(view);
                case BETWEEN -> false;
                case IMAGE -> takeImage(view);
                case STOPPED -> {
                    view.position(view.limit());
                    yield false;
                }
            };
        }
        in.readerIndex(start + view.position());
        offset += view.position();
    }

    private boolean takePacket(ByteBuffer view) {
        QuorumPacket packet;
        try {
            packet = decoder.decode(view);
        } catch (MalformedDataException e) {
            throw e.within(offset);
        }
        if (packet == null) {
            return false;
        }
        if (packet.type() == PacketType.SNAP && side == Side.DIALLER) {
            state = State.BETWEEN;
        }
        receiver.onPacket(packet);
        return true;
    }

    private boolean takeImage(ByteBuffer view) {
        ImageSink to = sink;
        if (to == null) {
            throw new IllegalStateException("an image and nobody to take it");
        }
        if (!to.accept(view)) {
            if (view.remaining() > maxUnfinished) {
                throw MalformedDataException.badLength(offset + view.position(), view.remaining(), maxUnfinished);
            }
            return false;
        }
        sink = null;
        state = State.PACKETS;
        receiver.onImage();
        return true;
    }
}
