/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.session;

/**
 * When a session's client was last heard, asked only when the session is about to expire (spec client-protocol 9.2).
 *
 * <p>Each connection notes the time of its last request in a field; nobody sends a message per touch.
 */
@FunctionalInterface
public interface LastHeard {
    /** The session has no connection here. */
    long NEVER = Long.MIN_VALUE;

    /** Milliseconds of the same clock that {@link ExpiryBuckets} is given, or {@link #NEVER}. */
    long millisOf(long sessionId);
}
