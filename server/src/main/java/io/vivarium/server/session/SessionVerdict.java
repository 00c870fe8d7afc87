/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.session;

/** What the session check says of a request (spec client-protocol 5.2, step 7; quorum 9.2). */
public enum SessionVerdict {
    /** Go on. */
    OK,
    /** No such session here. Answered as expired, and inside the leader as -12. */
    UNKNOWN,
    /** Expired or being closed: -112. */
    EXPIRED,
    /** Another server owns it now: -118, which only ever closes the old connection. */
    MOVED
}
