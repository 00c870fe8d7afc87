/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.driver;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.vivarium.bench.load.ArrivalSchedule;
import io.vivarium.bench.load.IntervalRecorder;
import io.vivarium.bench.load.IntervalSample;
import io.vivarium.bench.load.Pace;
import io.vivarium.bench.load.RequestSource;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One event loop with its sessions and its measurements.
 *
 * <p>Thread: its event loop, except where said; the driver talks to it by tasks. It connects and reconnects, sends pings
 * and, in an open loop, wakes the sessions whose arrivals are due.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty: outcomes arrive as channel events; a void promise has none.
final class LoadLoop {
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    private static final int RECONNECT_DELAY_MILLIS = 250;
    private static final int PING_TICK_MILLIS = 5;
    /** In so many ticks every session is asked once whether it has been silent for long enough. */
    private static final int PING_TICKS_A_ROUND = 40;
    /** The finest step of the open-loop timer, which adds as much to latency, or what the transport's timers are good for. */
    private static final long ARRIVAL_STEP_NANOS = 50_000;

    /** Told about sessions, on the loop's thread. */
    interface Listener {
        /** A session has its first connection. */
        void onFirstConnect();

        void onConnectFailure(Throwable cause);
    }

    private final EventLoop eventLoop;
    private final Transport transport;
    private final DriverConfig config;
    private final ChannelGroup channels;
    private final Listener listener;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final IntervalRecorder recorder = new IntervalRecorder(System.nanoTime());
    private @Nullable CountDownLatch job;
    private int arrivalsGeneration;
    private int nextToPing;

    LoadLoop(EventLoop eventLoop, Transport transport, DriverConfig config, ChannelGroup channels, Listener listener) {
        this.eventLoop = eventLoop;
        this.transport = transport;
        this.config = config;
        this.channels = channels;
        this.listener = listener;
    }

    /** Thread: any. */
    EventLoop eventLoop() {
        return eventLoop;
    }

    IntervalRecorder recorder() {
        return recorder;
    }

    int sessionTimeoutMillis() {
        return config.sessionTimeoutMillis();
    }

    /** Of all loops together. */
    int sessions() {
        return config.sessions();
    }

    void startPings() {
        eventLoop.scheduleWithFixedDelay(this::pingSome, PING_TICK_MILLIS, PING_TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A few at a time: to look at all of them takes longer than a reply may wait. */
    private void pingSome() {
        long now = System.nanoTime();
        int visits = 1 + connections.size() / PING_TICKS_A_ROUND;
        for (int i = 0; i < visits && i < connections.size(); i++) {
            nextToPing = nextToPing + 1 < connections.size() ? nextToPing + 1 : 0;
            connections.get(nextToPing).pingIfIdle(now);
        }
    }

    void open(int index) {
        LoadConnection connection = new LoadConnection(this, index, config.depth());
        connections.add(connection);
        connect(connection);
    }

    void connected(LoadConnection connection) {
        if (connection.takeFirstConnect()) {
            listener.onFirstConnect();
        }
    }

    void connectFailed(LoadConnection connection, Throwable cause) {
        listener.onConnectFailure(cause);
        reconnect(connection);
    }

    void reconnect(LoadConnection connection) {
        eventLoop.schedule(() -> connect(connection), RECONNECT_DELAY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Gives every session its source; the latch counts down once for each session that has done its share. */
    void startJob(RequestSource.Factory factory, int ratePerSecond, long startNanos, CountDownLatch done) {
        job = done;
        recorder.restartGap(System.nanoTime());
        for (LoadConnection connection : connections) {
            Pace pace = ratePerSecond == 0
                    ? Pace.CLOSED_LOOP
                    : new ArrivalSchedule(startNanos, ratePerSecond, connection.index(), config.sessions());
            connection.start(factory.forSession(connection.index(), config.sessions()), pace);
        }
        if (ratePerSecond > 0) {
            arrivalsGeneration++;
            wakeArrivals(new Arrivals(startNanos, ratePerSecond, arrivalsGeneration), 0);
        }
    }

    void stopJob() {
        arrivalsGeneration++;
        for (LoadConnection connection : connections) {
            connection.stop();
        }
    }

    void jobDone() {
        CountDownLatch done = job;
        if (done != null) {
            done.countDown();
        }
    }

    IntervalSample rotate() {
        return recorder.rotate(System.nanoTime());
    }

    /** What is due and not answered now; only in an open loop, and only just before {@link #stopJob}. */
    IntervalSample waiting() {
        long now = System.nanoTime();
        IntervalRecorder waiting = new IntervalRecorder(now);
        for (LoadConnection connection : connections) {
            connection.countWaiting(waiting, now);
        }
        return waiting.rotate(now);
    }

    void close() {
        arrivalsGeneration++;
        for (LoadConnection connection : connections) {
            connection.close();
        }
    }

    /** One run of the open-loop timer; a later generation ends it. */
    private record Arrivals(long startNanos, int ratePerSecond, int generation) {
        long dueNanos(long arrival) {
            return ArrivalSchedule.dueNanos(startNanos, ratePerSecond, arrival);
        }
    }

    /** Wakes the sessions of all arrivals that are due, then sleeps until the next one. */
    private void wakeArrivals(Arrivals arrivals, long next) {
        if (arrivals.generation() != arrivalsGeneration) {
            return;
        }
        long now = System.nanoTime();
        long arrival = next;
        // More arrivals than sessions wake nobody twice: a woken session takes all of its own that are due.
        long first = arrival;
        while (arrivals.dueNanos(arrival) - now <= 0) {
            if (arrival - first < config.sessions()) {
                wakeSession((int) (arrival % config.sessions()), now);
            }
            arrival++;
        }
        long resume = arrival;
        long delay = Math.max(ARRIVAL_STEP_NANOS, arrivals.dueNanos(arrival) - System.nanoTime());
        eventLoop.schedule(() -> wakeArrivals(arrivals, resume), delay, TimeUnit.NANOSECONDS);
    }

    private void wakeSession(int session, long now) {
        // Sessions are dealt to loops in turn, so this loop's sessions are those of equal remainder, in order.
        int loops = config.loops();
        int mine = connections.get(0).index() % loops;
        if (session % loops == mine) {
            connections.get(session / loops).wake(now);
        }
    }

    private void connect(LoadConnection connection) {
        if (connection.isClosed()) {
            return;
        }
        InetSocketAddress server =
                config.servers().get(connection.nextServer(config.servers().size()));
        ChannelFuture future = new Bootstrap()
                .group(eventLoop)
                .channel(transport.channelType())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(connection)
                .connect(
                        server.isUnresolved()
                                ? new InetSocketAddress(server.getHostString(), server.getPort())
                                : server);
        channels.add(future.channel());
        future.addListener(done -> {
            if (!done.isSuccess()) {
                connectFailed(connection, done.cause());
            }
        });
    }
}
