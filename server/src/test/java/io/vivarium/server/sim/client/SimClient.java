/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.client;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.SpecialXid;
import io.vivarium.protocol.client.WatchEvent;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.server.sim.client.ClientObserver.SessionEnd;
import io.vivarium.testkit.sim.EventScheduler;
import io.vivarium.testkit.sim.SimAddress;
import io.vivarium.testkit.sim.SimConnection;
import io.vivarium.testkit.sim.SimNetwork;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A client with one session at a time, which it carries from server to server until it ends.
 *
 * <pre>
 *   away --dial--> knocking --welcome--> in session --connection lost, silence--> away
 *                     | refused: session over, a new one at the next knock
 * </pre>
 *
 * It pings, gives up a silent server after two thirds of its timeout, brings its session id, the last zxid it saw and its
 * watches to the next one, and lets its {@link Workload} choose what to ask. Spec: client-protocol 2, 8.5, 9. Thread: the
 * test's.
 */
public final class SimClient {
    private static final int MAX_FIELD_BYTES = 1 << 20;
    private static final long MILLI = 1_000_000;
    private static final long MAX_REST_NANOS = 200 * MILLI;

    private final int id;
    private final EventScheduler scheduler;
    private final SimNetwork<ClientFrame> network;
    private final List<SimAddress> servers;
    private final RandomGenerator dice;
    private final ClientConfig config;
    private final Workload workload;
    private final ClientObserver observer;
    private final WatchBook watches = new WatchBook();
    private final ArrayDeque<Operation> pending = new ArrayDeque<>();
    private final long lookEveryNanos;

    private @Nullable Conversation current;
    private boolean working;
    private boolean running;
    private int conversations;
    private int lastServer = -1;

    private long sessionId;
    private byte[] password = new byte[ConnectReply.PASSWORD_BYTES];
    private int timeoutMillis;
    private long lastZxidSeen;
    private int lastXid;
    private boolean refused;

    /** @param id unique in the run; its machine is called {@link #hostOf} */
    public SimClient(
            int id,
            EventScheduler scheduler,
            SimNetwork<ClientFrame> network,
            List<SimAddress> servers,
            RandomGenerator dice,
            ClientConfig config,
            ClientObserver observer) {
        this.id = id;
        this.scheduler = scheduler;
        this.network = network;
        this.servers = List.copyOf(servers);
        this.dice = dice;
        this.config = config;
        this.workload = new Workload(id, dice);
        this.observer = observer;
        this.timeoutMillis = config.sessionTimeoutMillis();
        this.lookEveryNanos = config.sessionTimeoutMillis() * MILLI / 6;
    }

    public static String hostOf(int id) {
        return "client-" + id;
    }

    public String host() {
        return hostOf(id);
    }

    public long sessionId() {
        return sessionId;
    }

    public boolean isConnected() {
        return current != null && current.welcome;
    }

    /** Whether the last answer said that the session is dead, or another server's. */
    public boolean isRefused() {
        return refused;
    }

    public int pendingOperations() {
        return pending.size();
    }

    /** Connects, and begins to work. */
    public void start() {
        running = true;
        working = true;
        dial();
        scheduler.after(dice.nextLong(lookEveryNanos), this::look);
        planWork();
    }

    /** Asks nothing new from now on; the session is kept. */
    public void rest() {
        working = false;
    }

    /** Ends the session in good order, as the last thing this client does. */
    public void leave() {
        working = false;
        running = false;
        if (isConnected()) {
            send(OpCode.CLOSE_SESSION, ClientRequest.Empty.INSTANCE);
        }
    }

    /** Dies without a word; another client takes its place. */
    public void abandon() {
        long abandoned = sessionId;
        drop();
        if (abandoned != 0) {
            sessionOver(abandoned, SessionEnd.ABANDONED);
        }
        dialLater();
    }

    /** Asks one thing now, outside the workload; false without a session. */
    public boolean ask(int op, ClientRequest body) {
        if (!isConnected()) {
            return false;
        }
        send(op, body);
        return true;
    }

    // ---- Time -------------------------------------------------------------------------------------------------

    private void planWork() {
        scheduler.after(dice.nextLong(2 * config.meanPauseNanos()), this::work);
    }

    private void work() {
        if (!working) {
            return;
        }
        if (isConnected() && pending.size() < config.maxInFlight()) {
            Workload.Ask next = workload.next();
            send(next.op(), next.body());
            if (config.abandonsOneIn() > 0 && dice.nextInt(config.abandonsOneIn()) == 0) {
                abandon();
            }
        }
        planWork();
    }

    /** Is the server silent, does it want to hear something, is there no server? */
    private void look() {
        Conversation conversation = current;
        long now = scheduler.nowNanos();
        if (conversation != null) {
            long timeoutNanos = timeoutMillis * MILLI;
            if (now - conversation.heardNanos > timeoutNanos * 2 / 3) {
                drop();
                dialLater();
            } else if (conversation.welcome && now - conversation.sentNanos > timeoutNanos / 4) {
                send(OpCode.PING, ClientRequest.Empty.INSTANCE);
            }
        }
        if (running || isConnected()) {
            scheduler.after(lookEveryNanos, this::look);
        }
    }

    // ---- Connections ------------------------------------------------------------------------------------------

    private void dialLater() {
        if (running) {
            scheduler.after(dice.nextLong(MAX_REST_NANOS), this::dial);
        }
    }

    private void dial() {
        if (current != null || !running) {
            return;
        }
        int next = dice.nextInt(servers.size());
        // Another one than the last, as shuffled address lists do.
        lastServer = next == lastServer ? (next + 1) % servers.size() : next;
        current = new Conversation(++conversations, lastServer);
        network.connect(host(), servers.get(lastServer), current);
    }

    private void drop() {
        Conversation conversation = current;
        if (conversation == null) {
            return;
        }
        current = null;
        if (conversation.connection != null) {
            conversation.connection.close();
        }
        if (conversation.welcome) {
            observer.disconnected(id, sessionId, conversation.number);
        }
        while (!pending.isEmpty()) {
            Operation operation = pending.removeFirst();
            operation.lost();
            workload.lost(operation);
            observer.lost(operation);
        }
    }

    private void sessionOver(long ended, SessionEnd end) {
        sessionId = 0;
        password = new byte[ConnectReply.PASSWORD_BYTES];
        lastXid = 0;
        lastZxidSeen = 0;
        watches.clear();
        workload.sessionOver();
        observer.sessionOver(id, ended, end);
    }

    private void welcomed(Conversation conversation, ConnectReply reply) {
        if (reply.sessionId() == 0) {
            long refused = sessionId;
            drop();
            if (refused != 0) {
                sessionOver(refused, SessionEnd.REFUSED);
            }
            dialLater();
            return;
        }
        sessionId = reply.sessionId();
        password = reply.password();
        timeoutMillis = reply.timeoutMillis();
        conversation.welcome = true;
        observer.connected(id, sessionId, conversation.number, conversation.server);
        ClientRequest.SetWatches2 again = watches.again(lastZxidSeen);
        if (again != null) {
            send(OpCode.SET_WATCHES2, again);
        }
    }

    // ---- Requests and answers ---------------------------------------------------------------------------------

    private void send(int op, ClientRequest body) {
        Conversation conversation = current;
        if (conversation == null || conversation.connection == null) {
            throw new IllegalStateException("client " + id + " has no connection to ask " + OpCode.name(op));
        }
        Operation operation =
                new Operation(id, sessionId, conversation.number, xidOf(op), op, body, scheduler.nowNanos());
        pending.addLast(operation);
        conversation.sentNanos = scheduler.nowNanos();
        observer.invoked(operation);
        conversation.connection.send(new ClientFrame.Ask(operation.xid(), op, body));
    }

    private int xidOf(int op) {
        switch (op) {
            case OpCode.PING:
                return SpecialXid.PING;
            case OpCode.SET_WATCHES, OpCode.SET_WATCHES2:
                return SpecialXid.SET_WATCHES;
            default:
                return ++lastXid;
        }
    }

    private void read(Conversation conversation, byte[] frames) {
        ByteBuffer bytes = ByteBuffer.wrap(frames);
        while (bytes.hasRemaining() && current == conversation) {
            int length = bytes.getInt();
            JuteReader in = new JuteReader(bytes.slice(bytes.position(), length), MAX_FIELD_BYTES);
            bytes.position(bytes.position() + length);
            int xid = in.readInt();
            long zxid = in.readLong();
            int error = in.readInt();
            if (xid == SpecialXid.NOTIFICATION) {
                WatchEvent event = WatchEvent.read(in);
                watches.notified(event);
                observer.notified(id, conversation.number, zxid, event);
            } else {
                Operation operation = take(xid);
                operation.answered(Reply.read(operation.op(), zxid, error, in));
                answered(operation);
            }
        }
    }

    private Operation take(int xid) {
        for (Operation operation : pending) {
            if (operation.xid() == xid) {
                pending.remove(operation);
                return operation;
            }
        }
        throw new AssertionError("client " + id + " session 0x" + Long.toHexString(sessionId)
                + " gets an answer with xid " + xid + " to nothing it asked");
    }

    private void answered(Operation operation) {
        if (operation.reply().zxid() > 0 && operation.op() != OpCode.PING) {
            lastZxidSeen = Math.max(lastZxidSeen, operation.reply().zxid());
        }
        if (operation.op() != OpCode.PING) {
            int error = operation.reply().error();
            refused = error == ErrorCode.SESSION_EXPIRED.code() || error == ErrorCode.SESSION_MOVED.code();
        }
        watches.answered(operation);
        workload.answered(operation);
        observer.answered(operation);
        if (operation.op() == OpCode.CLOSE_SESSION && operation.reply().error() == 0) {
            long closed = sessionId;
            drop();
            sessionOver(closed, SessionEnd.CLOSED);
            dialLater();
        }
    }

    /** One connection; what it says after it was given up is not heard. */
    private final class Conversation implements SimNetwork.Dialler<ClientFrame> {
        private final int number;
        private final int server;
        private @Nullable SimConnection<ClientFrame> connection;
        private boolean welcome;
        private long heardNanos = scheduler.nowNanos();
        private long sentNanos = scheduler.nowNanos();

        Conversation(int serial, int server) {
            this.number = serial * 1_000 + id;
            this.server = server;
        }

        @Override
        public void onConnected(SimConnection<ClientFrame> opened) {
            if (current != this) {
                opened.close();
                return;
            }
            connection = opened;
            opened.send(new ClientFrame.Hello(new ConnectRequest(
                    0, lastZxidSeen, config.sessionTimeoutMillis(), sessionId, password, false, true)));
        }

        @Override
        public void onRefused() {
            onGone();
        }

        @Override
        public void onClosed(SimConnection<ClientFrame> closed) {
            onGone();
        }

        private void onGone() {
            if (current == this) {
                drop();
                dialLater();
            }
        }

        @Override
        public void onMessage(SimConnection<ClientFrame> from, ClientFrame frame) {
            if (current != this) {
                return;
            }
            heardNanos = scheduler.nowNanos();
            if (frame instanceof ClientFrame.Welcome answer) {
                welcomed(this, answer.reply());
            } else if (frame instanceof ClientFrame.Bytes bytes) {
                read(this, bytes.frames());
            }
        }
    }
}
