/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.jute.JuteWriter;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bare client connection: any bytes out, frames in.
 *
 * <p>Knows framing (spec client-protocol 1.1) and nothing else, so that a script can send what no client library would.
 * Thread: one; reads block up to a deadline.
 */
final class WireClient implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(WireClient.class);
    private static final int CONNECT_DEADLINE_MILLIS = 5_000;
    /** Above every reply of the suite; a length beyond it means that the stream is no longer in step. */
    private static final int MAX_REPLY_BYTES = 16 << 20;

    private final Socket socket;
    private final DataInputStream in;

    WireClient(int port) throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        in = new DataInputStream(connect(port) ? socket.getInputStream() : InputStream.nullInputStream());
    }

    /** False if the server has accepted the connection and closed it before the end of the handshake was looked at. */
    private boolean connect(int port) throws IOException {
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_DEADLINE_MILLIS);
            return true;
        } catch (ConnectException refused) {
            throw refused;
        } catch (SocketException gone) {
            return false;
        }
    }

    /** The frame of what {@code content} writes, with its length in front. */
    static byte[] frame(Consumer<JuteWriter> content) {
        JuteWriter out = new JuteWriter(256);
        int mark = out.beginFrame();
        content.accept(out);
        out.endFrame(mark);
        return out.toByteArray();
    }

    /** Sends bytes as they are. A peer that is already gone is not an error here: the next read tells. */
    void send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException gone) {
            LOG.debug("nobody takes {} bytes", bytes.length, gone);
        }
    }

    /**
     * The next frame without its length, or null when the server closed the connection, orderly or by a reset: which of
     * the two a client sees depends on bytes that happen to be unread, so they count as one.
     *
     * @throws java.net.SocketTimeoutException if neither happens before the deadline
     */
    byte @Nullable [] readFrame(int deadlineMillis) throws IOException {
        try {
            socket.setSoTimeout(deadlineMillis);
            int length = in.readInt();
            if (length < 0 || length > MAX_REPLY_BYTES) {
                throw new IOException("reply frame of " + length + " bytes; limit " + MAX_REPLY_BYTES);
            }
            byte[] frame = new byte[length];
            in.readFully(frame);
            return frame;
        } catch (EOFException | SocketException closed) {
            return null;
        }
    }

    /** Everything up to the end of the stream; for answers without frames. */
    byte[] readToEnd(int deadlineMillis) throws IOException {
        socket.setSoTimeout(deadlineMillis);
        return in.readAllBytes();
    }

    /** Tells the server that nothing more will be sent, while still reading. */
    void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
