/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.jute.JuteWriter;
import org.jspecify.annotations.Nullable;

/**
 * Something on its way from the core to one client: an event, a reply, the end of the connection.
 *
 * <p>Made by {@code core}, encoded later by the thread of the connection, so everything it refers to is immutable. It
 * is its own link in the connection's queue; one object goes to one connection once.
 */
public abstract class Outgoing {
    /** The element queued after this one; belongs to the queue that holds it. */
    public @Nullable Outgoing next;

    /** Appends the complete frame or frames, lengths included. */
    public abstract void encode(JuteWriter out);

    /** Bytes this holds on to until it is sent, if they are its own; 0 for what is small or shared. */
    public int bytes() {
        return 0;
    }

    /** True if it answers a write and so lets the reads behind that write go on. */
    public boolean answersWrite() {
        return false;
    }

    /** True if it tells of a change that the client watches for. */
    public boolean isNotification() {
        return false;
    }

    /** True if the connection ends when this has been sent. */
    public boolean endsConnection() {
        return false;
    }

    /** Frames ready to send. */
    public static final class Encoded extends Outgoing {
        private final byte[] frames;

        public Encoded(byte[] frames) {
            this.frames = frames;
        }

        @Override
        public int bytes() {
            return frames.length;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeBytes(frames, 0, frames.length);
        }
    }

    /** The end of the connection, with nothing said (spec client-protocol 5.2 step 2, 9.2). */
    public static final class Hangup extends Outgoing {
        @Override
        public void encode(JuteWriter out) {
            // Nothing is sent; the client sees the end of the stream.
        }

        @Override
        public boolean endsConnection() {
            return true;
        }
    }
}
