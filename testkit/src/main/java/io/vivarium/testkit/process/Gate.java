/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.process;

/** Lets bytes of one direction pass or holds them back. Thread: any; {@link #pass} blocks while it is shut. */
final class Gate {
    private boolean shut;

    synchronized void shut() {
        shut = true;
    }

    synchronized void open() {
        shut = false;
        notifyAll();
    }

    /** Returns when the gate is open. */
    synchronized void pass() throws InterruptedException {
        while (shut) {
            wait();
        }
    }
}
