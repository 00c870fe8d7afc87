/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.driver;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.vivarium.bench.load.IntervalSample;
import io.vivarium.bench.load.RequestSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Many client sessions on a few threads.
 *
 * <p>Thread: the caller's, one at a time; calls block until the loops have done what is asked. A job gives each session
 * a {@link RequestSource}; it ends when all sources are exhausted, or by {@link #stop}. Sessions live on between jobs and
 * send pings. Spec: client-protocol 2, 3.
 *
 * <pre>
 * open -> start -> rotate, rotate, … -> stop -> start -> … -> close
 * </pre>
 */
public final class LoadDriver implements AutoCloseable {
    /** Connections that may be under way at once, so that a crowd does not overrun the server's accept queue. */
    private static final int CONNECTS_UNDER_WAY = 256;

    private static final int CLOSE_TIMEOUT_MILLIS = 10_000;

    private final DriverConfig config;
    private final MultiThreadIoEventLoopGroup group;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final List<LoadLoop> loops = new ArrayList<>();
    private final Semaphore connectPermits = new Semaphore(CONNECTS_UNDER_WAY);
    private final CountDownLatch connected;
    private volatile @Nullable Throwable connectFailure;
    private CountDownLatch job = new CountDownLatch(0);

    private LoadDriver(DriverConfig config) {
        this.config = config;
        Transport transport = Transport.best();
        this.group = transport.newGroup("bench-io", config.loops());
        this.connected = new CountDownLatch(config.sessions());
        for (int i = 0; i < config.loops(); i++) {
            EventLoop eventLoop = group.next();
            loops.add(new LoadLoop(eventLoop, transport, config, channels, new ConnectProgress()));
        }
    }

    /**
     * Connects all sessions.
     *
     * @param timeoutMillis how long all of it may take
     * @throws IOException if not all sessions were there in time; says how many, and the last failure
     */
    public static LoadDriver open(DriverConfig config, long timeoutMillis) throws IOException, InterruptedException {
        LoadDriver driver = new LoadDriver(config);
        boolean opened = false;
        try {
            driver.connectAll(timeoutMillis);
            opened = true;
            return driver;
        } finally {
            if (!opened) {
                driver.close();
            }
        }
    }

    /** Starts a job in every session; {@code ratePerSecond} 0 is a closed loop. */
    public void start(RequestSource.Factory factory, int ratePerSecond) {
        CountDownLatch done = new CountDownLatch(config.sessions());
        job = done;
        long startNanos = System.nanoTime();
        for (LoadLoop loop : loops) {
            await(loop.eventLoop().submit(() -> loop.startJob(factory, ratePerSecond, startNanos, done)));
        }
    }

    /** Waits for the end of the job; false if it still runs after that time. */
    public boolean awaitDone(long timeoutNanos) throws InterruptedException {
        return job.await(timeoutNanos, TimeUnit.NANOSECONDS);
    }

    /** Takes what was measured since the last call, all loops together. */
    public IntervalSample rotate() {
        return ofAll(LoadLoop::rotate);
    }

    /**
     * What is due and not answered, with the time it has waited so far: in an open loop a server that stands still at the
     * end of the measured time would go unnoticed without. Nothing but {@link #stop} may follow.
     */
    public IntervalSample waiting() {
        return ofAll(LoadLoop::waiting);
    }

    private IntervalSample ofAll(Function<LoadLoop, IntervalSample> what) {
        IntervalSample sum = null;
        List<Future<IntervalSample>> parts = new ArrayList<>();
        for (LoadLoop loop : loops) {
            parts.add(loop.eventLoop().submit(() -> what.apply(loop)));
        }
        for (Future<IntervalSample> part : parts) {
            IntervalSample sample = await(part);
            sum = sum == null ? sample : sum.plus(sample);
        }
        return sum == null ? IntervalSample.empty() : sum;
    }

    /** Sends nothing more and waits for the replies that are due; false if they did not all come in time. */
    public boolean stop(long timeoutNanos) throws InterruptedException {
        for (LoadLoop loop : loops) {
            await(loop.eventLoop().submit(loop::stopJob));
        }
        return awaitDone(timeoutNanos);
    }

    /** Closes the sessions in the protocol's way, then whatever connection is left. */
    @Override
    public void close() {
        for (LoadLoop loop : loops) {
            await(loop.eventLoop().submit(loop::close));
        }
        channels.newCloseFuture().awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
        channels.close().awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
    }

    private void connectAll(long timeoutMillis) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
        for (LoadLoop loop : loops) {
            loop.eventLoop().execute(loop::startPings);
        }
        for (int i = 0; i < config.sessions(); i++) {
            int session = i;
            if (!connectPermits.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw notConnected(timeoutMillis);
            }
            LoadLoop loop = loops.get(session % loops.size());
            loop.eventLoop().execute(() -> loop.open(session));
        }
        if (!connected.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            throw notConnected(timeoutMillis);
        }
    }

    private IOException notConnected(long timeoutMillis) {
        Throwable cause = connectFailure;
        return new IOException(
                "only " + (config.sessions() - connected.getCount()) + " of " + config.sessions()
                        + " sessions connected to " + config.servers() + " within " + timeoutMillis + " ms"
                        + (cause == null ? "" : "; last failure: " + cause.getMessage()),
                cause);
    }

    private static <T> T await(Future<T> future) {
        return future.syncUninterruptibly().getNow();
    }

    private final class ConnectProgress implements LoadLoop.Listener {
        @Override
        public void onFirstConnect() {
            connected.countDown();
            connectPermits.release();
        }

        @Override
        public void onConnectFailure(Throwable cause) {
            connectFailure = cause;
        }
    }
}
