/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

/**
 * The shared side of the gate, as the snapshot thread uses it.
 *
 * <p>Thread: {@code snapshot}. Between the two calls nothing changes the tree; holds are short and never nested.
 */
public interface SharedHold {
    void acquire();

    void release();
}
