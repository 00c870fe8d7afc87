/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.process;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A piece of network: whoever connects to the port of this relay talks to the target, as long as the gates let him.
 *
 * <pre>
 * caller --bytes--> [gate forth] --bytes--> target
 *        <--bytes-- [gate back ] <--bytes--
 * </pre>
 *
 * <p>A shut gate loses nothing: bytes wait, as those of a TCP connection whose packets are lost do, and a new connection is
 * accepted but gets no answer. {@link #sever} loses all that waits. Threads: one that accepts, two for each connection, all
 * daemons.
 */
final class TcpRelay implements AutoCloseable {
    /** What the first bytes of a caller become on their way. */
    interface Greeting {
        Greeting AS_IT_IS = (in, out) -> {};

        void forward(DataInputStream in, DataOutputStream out) throws IOException;
    }

    private static final int BACKLOG = 50;
    private static final int CHUNK_BYTES = 16 * 1024;

    private final ServerSocket listener;
    private final int targetPort;
    private final Gate forth;
    private final Gate back;
    private final Greeting greeting;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    TcpRelay(int port, int targetPort, Gate forth, Gate back, Greeting greeting) throws IOException {
        this.targetPort = targetPort;
        this.forth = forth;
        this.back = back;
        this.greeting = greeting;
        this.listener = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
        run("accept", this::accept);
    }

    /** Ends all connections; what waited at a gate is lost. */
    void sever() {
        sockets.forEach(TcpRelay::reset);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sever();
    }

    private void accept() throws IOException {
        while (true) {
            Socket caller = listener.accept();
            sockets.add(caller);
            run("forth", () -> connect(caller));
        }
    }

    private void connect(Socket caller) throws IOException, InterruptedException {
        Socket target = new Socket();
        sockets.add(target);
        try {
            caller.setTcpNoDelay(true);
            target.setTcpNoDelay(true);
            // A handshake needs both directions.
            forth.pass();
            back.pass();
            if (caller.isClosed()) {
                return;
            }
            target.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort));
            run("back", () -> {
                try {
                    pump(target.getInputStream(), caller.getOutputStream(), back, caller);
                } finally {
                    reset(caller, target);
                }
            });
            InputStream in = caller.getInputStream();
            OutputStream out = target.getOutputStream();
            greeting.forward(new DataInputStream(in), new DataOutputStream(out));
            pump(in, out, forth, target);
        } finally {
            reset(caller, target);
        }
    }

    private static void pump(InputStream in, OutputStream out, Gate gate, Socket to)
            throws IOException, InterruptedException {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            gate.pass();
            out.write(chunk, 0, count);
        }
        // The end of a stream travels like its bytes.
        gate.pass();
        if (!to.isClosed()) {
            to.shutdownOutput();
        }
    }

    private void reset(Socket caller, Socket target) {
        reset(caller);
        reset(target);
        sockets.remove(caller);
        sockets.remove(target);
    }

    private static void reset(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // Closed is all that was wanted.
        }
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private void run(String what, Step step) {
        Thread thread = new Thread(
                () -> {
                    try {
                        step.run();
                    } catch (IOException ended) {
                        // One side is gone or the relay was closed; the other side learns of it by the close.
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "relay-" + listener.getLocalPort() + "-" + what);
        thread.setDaemon(true);
        thread.start();
    }
}
