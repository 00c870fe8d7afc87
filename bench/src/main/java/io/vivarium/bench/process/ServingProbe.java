/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.process;

import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.RequestHeader;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Asks a server for a session and gives it back. A session is a write, so a server that grants one serves. Spec:
 * client-protocol 2. Thread: the caller's; blocks up to the timeout.
 */
public final class ServingProbe {
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int MAX_REPLY_BYTES = 64;

    private ServingProbe() {}

    public static boolean isServing(InetSocketAddress server) {
        try (Socket socket = new Socket()) {
            socket.connect(server, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            send(socket, new ConnectRequest(0, 0, 10_000, 0, new byte[ConnectReply.PASSWORD_BYTES], false, true));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int length = in.readInt();
            if (length < 0 || length > MAX_REPLY_BYTES) {
                return false;
            }
            ConnectReply reply = ConnectReply.read(JuteReader.of(in.readNBytes(length)));
            send(socket, new RequestHeader(1, OpCode.CLOSE_SESSION));
            // The server answers and then closes; its answer is waited for so that the session is gone.
            in.readNBytes(MAX_REPLY_BYTES);
            return reply.timeoutMillis() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void send(Socket socket, JuteRecord jute) throws IOException {
        JuteWriter out = new JuteWriter(64);
        int mark = out.beginFrame();
        jute.write(out);
        out.endFrame(mark);
        socket.getOutputStream().write(out.toByteArray());
    }
}
