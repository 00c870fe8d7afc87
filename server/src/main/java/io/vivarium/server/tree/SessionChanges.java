/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

/**
 * Where createSession and closeSession transactions, and the sessions of a snapshot, arrive: the table of sessions.
 *
 * <p>Called by {@link TxnApplier} and {@link TreeLoader} inside the exclusive hold; must not block. Spec: persistence 3.6.
 */
public interface SessionChanges {
    /** All sessions are forgotten: a snapshot is about to be loaded. */
    void cleared();

    /** A session is open with this timeout; replaces what was known of it. */
    void created(long id, int timeoutMillis);

    /** A session is gone. Called before its ephemerals are deleted. */
    void closed(long id);
}
