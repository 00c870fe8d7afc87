/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.client;

import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.auth.Identities;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.pipeline.ClientLink;
import io.vivarium.server.pipeline.Outgoing;
import io.vivarium.server.pipeline.ReadRequest;
import io.vivarium.server.pipeline.ServiceMode;
import io.vivarium.server.pipeline.SessionOrder;
import io.vivarium.server.pipeline.SessionRequest;
import io.vivarium.server.pipeline.WriteRequest;
import io.vivarium.testkit.sim.EventScheduler;
import io.vivarium.testkit.sim.SimConnection;
import io.vivarium.testkit.sim.SimNetwork;
import java.util.ArrayDeque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The server's end of a client connection: the twin of the one on Netty, with the order of a session in between.
 *
 * <p>What the core queues leaves a little later, as if another thread had to wake up for it, so reads come before, between
 * and after the answers of the core. Whenever a read is served, what is queued goes first: no answer overtakes the event
 * that announces what it shows. Spec: client-protocol 2, 8.4, 9.5. Thread: the test's.
 */
public final class ServerEnd implements ClientLink, SimConnection.Listener<ClientFrame> {
    private static final long MAX_WAKE_UP_NANOS = 200_000;
    /** A thread that has much to do wakes up later. */
    private static final int LATE_ONE_IN = 8;

    private static final long MAX_LATE_NANOS = 20_000_000;

    private final SimServer server;
    private final EventScheduler scheduler;
    private final RandomGenerator dice;
    private final SimConnection<ClientFrame> connection;
    private final SessionOrder order = new SessionOrder();
    private final ArrayDeque<Outgoing> outbox = new ArrayDeque<>();
    private final JuteWriter out = new JuteWriter(256);
    private final Identities identities;
    private final Recorder recorder = new Recorder();
    private boolean pumpPlanned;
    private boolean taking = true;
    private boolean endsNow;
    private boolean open = true;
    private long sessionId;
    private long lastHeardNanos;

    private ServerEnd(
            SimServer server, EventScheduler scheduler, RandomGenerator dice, SimConnection<ClientFrame> connection) {
        this.server = server;
        this.scheduler = scheduler;
        this.dice = dice;
        this.connection = connection;
        this.identities = Identities.ofPeer("127.0.0.1");
        this.lastHeardNanos = server.nowNanos();
    }

    /** Takes the connections to a server; to be given to {@link SimNetwork#listen}. */
    public static SimNetwork.Acceptor<ClientFrame> door(
            SimServer server, EventScheduler scheduler, RandomGenerator dice) {
        return connection -> new ServerEnd(server, scheduler, dice, connection);
    }

    // ---- From the client --------------------------------------------------------------------------------------

    @Override
    public void onMessage(SimConnection<ClientFrame> from, ClientFrame frame) {
        server.execute(() -> take(frame));
    }

    @Override
    public void onClosed(SimConnection<ClientFrame> closed) {
        server.execute(this::ended);
    }

    private void take(ClientFrame frame) {
        if (!open || !taking) {
            return;
        }
        lastHeardNanos = server.nowNanos();
        if (frame instanceof ClientFrame.Hello hello) {
            hello(hello.request());
        } else if (frame instanceof ClientFrame.Ask ask) {
            ask(ask);
        }
        send();
    }

    private void hello(ConnectRequest request) {
        ServiceMode service = server.service();
        boolean admitted = service == ServiceMode.EVERYBODY || (service == ServiceMode.READ_ONLY && request.readOnly());
        if (!admitted || request.lastZxidSeen() > server.lastZxid()) {
            // Somebody who knows more has served this client; it must go on to another server (spec 2.2).
            endsNow = true;
            return;
        }
        server.route().openSession(new SessionRequest(this, request, server.negotiate(request.timeoutMillis())));
    }

    private void ask(ClientFrame.Ask ask) {
        if (server.isRouted(ask.op())) {
            List<ReadRequest> ahead = order.beginWrite();
            server.route()
                    .submit(new WriteRequest(
                            this, sessionId, ask.xid(), ask.op(), ask.body(), identities, lastHeardNanos, ahead));
            // What stands behind a closeSession gets no answer (spec 9.3).
            taking = ask.op() != OpCode.CLOSE_SESSION;
            return;
        }
        ReadRequest read = ReadRequest.of(ask.xid(), ask.op(), ask.body(), lastHeardNanos);
        if (order.mustWait()) {
            order.await(read);
        } else {
            long stamp = server.gate().enterShared();
            try {
                if (server.drainsBeforeReads()) {
                    drain();
                }
                // Whom the core has sent away is shown nothing of what it does to the tree afterwards.
                if (!endsNow) {
                    server.reads().serve(read, this, out, recorder);
                }
            } finally {
                server.gate().leaveShared(stamp);
            }
        }
    }

    private void ended() {
        if (open) {
            open = false;
            outbox.clear();
            server.forgetWatches(this);
            server.route().ended(this);
        }
    }

    // ---- From the core ----------------------------------------------------------------------------------------

    @Override
    public void queue(Outgoing item) {
        if (!open) {
            return;
        }
        outbox.addLast(item);
        if (!pumpPlanned) {
            pumpPlanned = true;
            long most = dice.nextInt(LATE_ONE_IN) == 0 ? MAX_LATE_NANOS : MAX_WAKE_UP_NANOS;
            scheduler.after(dice.nextLong(most), () -> server.execute(this::pump));
        }
    }

    @Override
    public void established(long id, ConnectReply reply) {
        sessionId = id;
        queue(new Welcoming(reply));
    }

    @Override
    public void refused(ConnectReply reply) {
        queue(new Welcoming(reply));
    }

    private void pump() {
        pumpPlanned = false;
        if (!open) {
            return;
        }
        drain();
        if (order.isReady()) {
            List<ReadRequest> ready = order.takeReady();
            for (ReadRequest read : ready) {
                long stamp = server.gate().enterShared();
                try {
                    drain();
                    if (!endsNow) {
                        server.reads().serve(read, this, out, recorder);
                    }
                } finally {
                    server.gate().leaveShared(stamp);
                }
            }
        }
        send();
    }

    private void drain() {
        while (!outbox.isEmpty() && !endsNow) {
            Outgoing item = outbox.removeFirst();
            if (item instanceof Welcoming welcoming) {
                connection.send(new ClientFrame.Welcome(welcoming.reply));
            } else {
                item.encode(out);
            }
            if (item.answersWrite()) {
                order.endWrite();
            }
            endsNow |= item.endsConnection();
        }
    }

    private void send() {
        if (out.size() > 0) {
            connection.send(new ClientFrame.Bytes(out.toByteArray()));
            out.clear();
        }
        if (endsNow && open) {
            connection.close();
            ended();
        }
    }

    /** The answer to a connect request, in its place among what is queued. */
    private static final class Welcoming extends Outgoing {
        private final ConnectReply reply;

        Welcoming(ConnectReply reply) {
            this.reply = reply;
        }

        @Override
        public void encode(JuteWriter into) {
            // Passed as a value.
        }

        @Override
        public boolean endsConnection() {
            return reply.sessionId() == 0;
        }
    }

    // ---- What the core asks -----------------------------------------------------------------------------------

    @Override
    public long sessionId() {
        return sessionId;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public Identities identities() {
        return identities;
    }

    @Override
    public long lastHeardNanos() {
        return lastHeardNanos;
    }

    @Override
    public String toString() {
        return "connection of " + connection.peerHost() + " to " + connection.host() + ", session 0x"
                + Long.toHexString(sessionId);
    }
}
