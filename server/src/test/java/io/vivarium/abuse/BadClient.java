/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.abuse;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.jute.JuteWriter;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** A connection that may send anything and need not read. Thread: one; reads block up to a deadline. */
final class BadClient implements Closeable {
    private static final int DEADLINE_MILLIS = 10_000;
    /** Small, so that a client that does not read is noticed early. */
    private static final int RECEIVE_BYTES = 8 * 1024;

    private final Socket socket = new Socket();

    BadClient(int port) throws IOException {
        socket.setReceiveBufferSize(RECEIVE_BYTES);
        socket.setSoTimeout(DEADLINE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DEADLINE_MILLIS);
    }

    static byte[] connectFrame(int timeoutMillis) {
        JuteWriter out = new JuteWriter(64);
        int mark = out.beginFrame();
        new ConnectRequest(0, 0, timeoutMillis, 0, new byte[16], false, true).write(out);
        out.endFrame(mark);
        return out.toByteArray();
    }

    static void request(JuteWriter out, int xid, int op, ClientRequest body) {
        int mark = out.beginFrame();
        out.writeInt(xid);
        out.writeInt(op);
        body.write(out);
        out.endFrame(mark);
    }

    BadClient withSession(int timeoutMillis) throws IOException {
        send(connectFrame(timeoutMillis));
        DataInputStream in = new DataInputStream(socket.getInputStream());
        in.readFully(new byte[in.readInt()]);
        return this;
    }

    /** Sends bytes; false if the server has ended the connection, which is its right. */
    boolean send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (SocketException gone) {
            return false;
        }
    }

    /** Reads one frame; null if the server ended the connection. */
    byte @Nullable [] read() throws IOException {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] frame = new byte[in.readInt()];
            in.readFully(frame);
            return frame;
        } catch (java.io.EOFException | SocketException gone) {
            return null;
        }
    }

    /** Ends with a reset, as a client does that dies with answers unread. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void halfClose() throws IOException {
        try {
            socket.shutdownOutput();
        } catch (SocketException gone) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
