/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The thread {@code core} and its mailbox: takes all that waits, up to a bound, then lets the effects out.
 *
 * <pre>
 *              sleep                     stand in
 *   AWAKE ------------> SLEEPING --------------------> STOOD_IN
 *     ^ <---------------'     ^ <-----------------------'
 *     '--> ENDED
 * </pre>
 *
 * <p>Any thread may {@link #post}; posting never blocks. The mailbox has no bound of its own because its senders have:
 * clients through admission at the edge, the journal through one message for each flush. The loop reads the clocks once
 * a round. It can be stepped by a test without a thread ({@link #step}).
 *
 * <p>Rounds belong to one thread at a time, which is {@code core} wherever there is much to do. To wake a thread takes many
 * times as long as a round of a few messages, so while it sleeps, a thread that brings messages and holds nothing may run
 * the round in its place ({@link #standIn}). What the core reaches therefore never waits for the journal or an event loop.
 *
 * <p>Every message posted is delivered once or refused once, never both: {@link #stop} lets the loop finish what it finds
 * in the mailbox, and whatever comes after that is refused, on the thread that notices.
 */
public final class CoreLoop implements Mailbox {
    private static final int CHUNK = 1024;
    private static final int ROUND = 1024;
    /** Messages taken out of the mailbox together. */
    private static final int HANDFUL = 32;

    /** More than this is worth a thread of its own. */
    private static final int MOST_STOOD_IN_FOR = 64;
    /** What the one who stands in finds behind its own messages; then the thread itself has to see to it. */
    private static final int ROUNDS_STOOD_IN = 2;

    private static final long FOREVER_NANOS = Long.MAX_VALUE / 4;

    /** The thread has the rounds, and will look again before it sleeps. */
    private static final int AWAKE = 0;
    /** The thread waits, or is about to: whoever posts wakes it, or stands in. */
    private static final int SLEEPING = 1;
    /** Another thread has the rounds, and will look again before it gives them back. */
    private static final int STOOD_IN = 2;
    /** The thread takes no more: whoever posts sees to it that the message is refused. */
    private static final int ENDED = 3;

    private final MpscUnboundedArrayQueue<CoreMessage> mailbox = new MpscUnboundedArrayQueue<>(CHUNK);
    /** Taken out of the mailbox; what stands from {@link #delivered} to {@link #inHand} is still to be delivered. */
    private final @Nullable CoreMessage[] hand = new CoreMessage[HANDFUL];

    private final CoreLogic logic;
    private final Replica replica;
    private final Runnable flush;
    private final LongSupplier nanoClock;
    private final InstantSource wallClock;
    private final FatalErrorHandler fatal;
    private final AtomicInteger state = new AtomicInteger(AWAKE);
    /** When something is due though no message comes; told by whoever gives the rounds up. */
    private volatile long dueNanos;
    /** Until when the thread sleeps if nobody wakes it. */
    private volatile long sleepsUntilNanos;

    private int inHand;
    private int delivered;

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

    /** {@link #post} for a sender with more to come: what it leaves waits until {@link #awaken} or {@link #standIn}. */
    public void leave(CoreMessage message) {
        mailbox.offer(message);
        // After the offer: either this sees that the loop has ended, or the loop sees the message.
        if (state.get() == ENDED) {
            refuseAll();
        }
    }

    /**
     * Leaves a message and has it dealt with.
     *
     * @param hasTime the sender may {@link #standIn}
     */
    public void bring(CoreMessage message, boolean hasTime) {
        leave(message);
        if (hasTime) {
            standIn();
        } else {
            awaken();
        }
    }

    /** The loop looks at what was left. Thread: any. */
    public void awaken() {
        // After the offer, as above: whoever has the rounds looks before giving them up.
        if (state.get() == SLEEPING) {
            LockSupport.unpark(thread);
        }
    }

    /**
     * Has what was left dealt with: by this thread if the loop sleeps and there is little, else by the loop.
     *
     * <p>Thread: any that holds nothing which a round may want, the gate of the tree above all, and whose own work may wait
     * for as long as a round takes.
     */
    public void standIn() {
        if (state.get() != SLEEPING || mailbox.isEmpty()) {
            return;
        }
        if (mailbox.size() > MOST_STOOD_IN_FOR || stopping || !state.compareAndSet(SLEEPING, STOOD_IN)) {
            awaken();
            return;
        }
        try {
            for (int i = 0; i < ROUNDS_STOOD_IN && !mailbox.isEmpty(); i++) {
                step();
            }
        } catch (Throwable e) {
            failed(e);
            return;
        }
        giveUpRounds();
        if (!mailbox.isEmpty() || stopping || dueNanos - sleepsUntilNanos < 0) {
            awaken();
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
        while (count < ROUND && takeHandful() > 0) {
            count += inHand;
            replica.foresee(hand, inHand);
            for (CoreMessage message = nextInHand(); message != null; message = nextInHand()) {
                message.deliver(replica);
            }
        }
        logic.endRound();
        flush.run();
        return count;
    }

    private int takeHandful() {
        delivered = 0;
        inHand = 0;
        CoreMessage message;
        while (inHand < HANDFUL && (message = mailbox.relaxedPoll()) != null) {
            hand[inHand++] = message;
        }
        return inHand;
    }

    /** The next message to be delivered, or refused; null if there is none in hand. */
    private @Nullable CoreMessage nextInHand() {
        if (delivered == inHand) {
            return null;
        }
        CoreMessage message = hand[delivered];
        hand[delivered++] = null;
        return message;
    }

    /** Rounds until it is asked to stop; what the thread of {@link #start} does, and a test on a thread of its own. */
    void run() {
        thread = Thread.currentThread();
        try {
            while (state.get() == AWAKE) {
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
            state.set(ENDED);
            refuseAll();
        }
    }

    /** A round failed on a thread that stood in. */
    private void failed(Throwable cause) {
        state.set(ENDED);
        LockSupport.unpark(thread);
        refuseAll();
        fatal.onFatal("core", cause);
    }

    /** Does what is left in the place of the thread that ended; one at a time, as the queue has one consumer. */
    private synchronized void refuseAll() {
        CoreMessage message;
        while ((message = nextInHand()) != null) {
            message.refused();
        }
        while ((message = mailbox.poll()) != null) {
            message.refused();
        }
    }

    /** The rounds are for whoever takes them next. */
    void giveUpRounds() {
        dueNanos = logic.nextDeadlineNanos();
        state.set(SLEEPING);
    }

    /** Returns with the rounds, when there is something to do; or when the loop has ended. */
    private void sleep() {
        giveUpRounds();
        while (true) {
            int seen = state.get();
            if (seen == ENDED) {
                return;
            }
            long now = nanoClock.getAsLong();
            // Whoever stands in knows better what is due, and wakes a thread that sleeps for longer than that.
            long due = seen == SLEEPING ? dueNanos : now + FOREVER_NANOS;
            if (seen == SLEEPING
                    && (!mailbox.isEmpty() || stopping || due - now <= 0)
                    && state.compareAndSet(SLEEPING, AWAKE)) {
                return;
            }
            sleepsUntilNanos = due;
            // Asked again behind this mark: who stands in tells what is due, gives the rounds up, and then reads the
            // mark.
            boolean unchanged = state.get() == seen && (seen == STOOD_IN || due == dueNanos);
            if (unchanged && (seen == STOOD_IN || mailbox.isEmpty())) {
                LockSupport.parkNanos(this, due - now);
            }
        }
    }
}
