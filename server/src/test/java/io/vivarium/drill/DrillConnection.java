/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.drill;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.client.ReplyHeader;
import io.vivarium.protocol.client.RequestHeader;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A client connection that sends requests ahead of their replies and never reconnects by itself, so the drill knows
 * exactly what was sent and what was acknowledged. Thread: one; every read has a deadline.
 */
public final class DrillConnection implements Closeable {
    private static final int DEADLINE_MILLIS = 15_000;

    /** A reply: its header and a reader at its body. */
    public record Reply(ReplyHeader header, JuteReader body) {}

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final JuteWriter out = new JuteWriter(4096);
    private final ConnectReply connected;
    private int lastXid;

    /** Connects for a new session, or for an old one with its password; session 0 in the reply means it is gone. */
    DrillConnection(int port, int timeoutMillis, long session, byte[] password) throws IOException {
        this("127.0.0.1", port, timeoutMillis, session, password);
    }

    private DrillConnection(String host, int port, int timeoutMillis, long session, byte[] password)
            throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(DEADLINE_MILLIS);
        socket.connect(new InetSocketAddress(host, port), DEADLINE_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        try {
            send(new ConnectRequest(0, 0, timeoutMillis, session, password, false, true));
            connected = ConnectReply.read(JuteReader.of(readFrame()));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    public static DrillConnection newSession(int port, int timeoutMillis) throws IOException {
        return new DrillConnection(port, timeoutMillis, 0, new byte[ConnectReply.PASSWORD_BYTES]);
    }

    static DrillConnection newSession(String host, int port, int timeoutMillis) throws IOException {
        return new DrillConnection(host, port, timeoutMillis, 0, new byte[ConnectReply.PASSWORD_BYTES]);
    }

    public long session() {
        return connected.sessionId();
    }

    byte[] password() {
        return connected.password();
    }

    public void send(int op, ClientRequest body) throws IOException {
        send(new RequestHeader(++lastXid, op), body);
    }

    /** The next reply; the drill sets no watches, so nothing else arrives. */
    public Reply read() throws IOException {
        JuteReader reader = JuteReader.of(readFrame());
        return new Reply(ReplyHeader.read(reader), reader);
    }

    private void send(JuteRecord... records) throws IOException {
        out.clear();
        int mark = out.beginFrame();
        for (JuteRecord each : records) {
            each.write(out);
        }
        out.endFrame(mark);
        socket.getOutputStream().write(out.array(), 0, out.size());
    }

    private byte[] readFrame() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return frame;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
