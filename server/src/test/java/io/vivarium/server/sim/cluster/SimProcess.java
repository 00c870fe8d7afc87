/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.testkit.sim.EventScheduler;
import java.util.ArrayDeque;

/**
 * What a process does happens through this, so that it can stand still, and end between any two of its actions.
 *
 * <pre>
 *   running --pause--> stopped --resume--> running       what falls due meanwhile happens afterwards, in order
 *      '------die------------'------> dead               nothing happens any more
 * </pre>
 *
 * <p>Thread: the test's.
 */
final class SimProcess {
    /** Unwinds whatever the process was doing when it died. */
    static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Died() {
            super("the process has died", null, false, false);
        }
    }

    private static final int FOR_EVER = -1;

    private final EventScheduler scheduler;
    private final Runnable onDeath;
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private boolean alive = true;
    private boolean paused;
    private int actionsLeft = FOR_EVER;

    /** @param onDeath told when the process ends by itself, not by {@link #die} */
    SimProcess(EventScheduler scheduler, Runnable onDeath) {
        this.scheduler = scheduler;
        this.onDeath = onDeath;
    }

    boolean isAlive() {
        return alive;
    }

    boolean isPaused() {
        return paused;
    }

    /** Does some work now, or when the process goes on, or never. */
    void run(Runnable work) {
        if (!alive) {
            return;
        }
        if (paused) {
            held.addLast(work);
            return;
        }
        try {
            work.run();
        } catch (Died e) {
            if (alive) {
                alive = false;
                onDeath.run();
            }
        }
    }

    /** Does some work after a while. */
    void after(long nanos, Runnable work) {
        scheduler.after(nanos, () -> run(work));
    }

    /** One action of the process is about to happen; it may not live to see it. */
    void act() {
        if (!alive || actionsLeft == 0) {
            throw new Died();
        }
        if (actionsLeft > 0) {
            actionsLeft--;
        }
    }

    /** The process ends by itself, behind so many more actions. */
    void dieAfter(int actions) {
        actionsLeft = actions;
    }

    /** Whether {@link #dieAfter} was said. */
    boolean isDoomed() {
        return actionsLeft != FOR_EVER;
    }

    /** The process ends now. */
    void die() {
        alive = false;
        held.clear();
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        while (alive && !paused && !held.isEmpty()) {
            run(held.removeFirst());
        }
    }
}
