/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The thread {@code core} and its mailbox: takes all that waits, up to a bound, then lets the effects out.
 *
 * <p>Any thread may {@link #post}; posting never blocks. The mailbox has no bound of its own because its senders have:
 * clients through admission at the edge, the journal through one message for each flush. The loop reads the clocks once
 * a round. It can be stepped by a test without a thread ({@link #step}).
 *
 * <p>Every message posted is delivered once or refused once, never both: {@link #stop} lets the loop finish what it finds
 * in the mailbox, and whatever comes after that is refused, on the thread that notices.
 */
public final class CoreLoop implements Mailbox {
    private static final int CHUNK = 1024;
    private static final int ROUND = 1024;

    /** Nobody has to be woken. */
    private static final int AWAKE = 0;
    /** The thread waits, or is about to: whoever posts wakes it. */
    private static final int SLEEPING = 1;
    /** The thread takes no more: whoever posts sees to it that the message is refused. */
    private static final int ENDED = 2;

    private final MpscUnboundedArrayQueue<CoreMessage> mailbox = new MpscUnboundedArrayQueue<>(CHUNK);
    private final CoreLogic logic;
    private final Replica replica;
    private final Runnable flush;
    private final LongSupplier nanoClock;
    private final InstantSource wallClock;
    private final FatalErrorHandler fatal;
    private volatile int state = AWAKE;
    private volatile boolean stopping;
    private volatile @Nullable Thread thread;

    /** @param flush lets out what a round left to be sent: answers to clients, work for the journal */
    public CoreLoop(
            CoreLogic logic, Runnable flush, LongSupplier nanoClock, InstantSource wallClock, FatalErrorHandler fatal) {
        this.logic = logic;
        this.replica = logic.replica();
        this.flush = flush;
        this.nanoClock = nanoClock;
        this.wallClock = wallClock;
        this.fatal = fatal;
    }

    @Override
    public void post(CoreMessage message) {
        leave(message);
        awaken();
    }

    /** {@link #post} for a sender with more to come: a loop that sleeps goes on sleeping until {@link #awaken}. */
    void leave(CoreMessage message) {
        mailbox.offer(message);
        // After the offer: either this sees that the loop has ended, or the loop sees the message.
        if (state == ENDED) {
            refuseAll();
        }
    }

    /** The loop looks at what was left. */
    void awaken() {
        // After the offer, as above: a loop that is not asleep will look before it sleeps.
        if (state == SLEEPING) {
            LockSupport.unpark(thread);
        }
    }

    public void start() {
        start(task -> new Thread(task, "core"));
    }

    public void start(ThreadFactory threads) {
        Thread core = threads.newThread(this::run);
        thread = core;
        core.start();
    }

    /** Ends the loop after what was posted so far, and waits for its end. */
    public void stop() throws InterruptedException {
        askToStop();
        Thread core = thread;
        if (core != null && core != Thread.currentThread()) {
            core.join();
        }
    }

    /** Has the loop end after what was posted so far. */
    void askToStop() {
        stopping = true;
        LockSupport.unpark(thread);
    }

    /** One round: the messages that wait now, then what is due. Returns how many messages there were. */
    public int step() {
        logic.at(nanoClock.getAsLong(), wallClock.millis());
        int count = 0;
        CoreMessage message;
        while (count < ROUND && (message = mailbox.relaxedPoll()) != null) {
            message.deliver(replica);
            count++;
        }
        logic.endRound();
        flush.run();
        return count;
    }

    /** Rounds until it is asked to stop; what the thread of {@link #start} does, and a test on a thread of its own. */
    void run() {
        thread = Thread.currentThread();
        try {
            while (true) {
                if (step() == 0) {
                    if (stopping && mailbox.isEmpty()) {
                        return;
                    }
                    sleep();
                }
            }
        } catch (Throwable e) {
            fatal.onFatal("core", e);
        } finally {
            state = ENDED;
            refuseAll();
        }
    }

    /** Empties the mailbox in the place of the thread that ended; one at a time, as the queue has one consumer. */
    private synchronized void refuseAll() {
        CoreMessage message;
        while ((message = mailbox.poll()) != null) {
            message.refused();
        }
    }

    private void sleep() {
        state = SLEEPING;
        if (mailbox.isEmpty() && !stopping) {
            long nanos = logic.nextDeadlineNanos() - nanoClock.getAsLong();
            if (nanos > 0) {
                LockSupport.parkNanos(this, nanos);
            }
        }
        state = AWAKE;
    }
}
