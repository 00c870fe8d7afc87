/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.session;

import java.util.function.LongPredicate;

/**
 * Hands out session ids: the server's number in the high byte, then 40 bits of the time it started, then a count (spec
 * client-protocol 9.1).
 *
 * <p>The time is wall-clock time, so that a reboot cannot bring back ids that were persisted before it (spec client-protocol
 * 15, trap 55). A count beyond 16 bits carries into the time. Thread: core.
 */
public final class SessionIds {
    /** Never handed out: as owner of a node it would mean a container. */
    private static final long FORBIDDEN = Long.MIN_VALUE;

    private static final int SERVER_SHIFT = 56;
    private static final long REST_MASK = (1L << SERVER_SHIFT) - 1;

    private final long serverBits;
    private long rest;

    /** @param serverId only its low byte shows */
    public SessionIds(long serverId, long startWallMillis) {
        this.serverBits = serverId << SERVER_SHIFT;
        this.rest = (startWallMillis << 24) >>> 8;
    }

    /** The next id that is not taken, neither 0 nor the smallest long. */
    public long next(LongPredicate taken) {
        long id;
        do {
            id = serverBits | (rest & REST_MASK);
            rest++;
        } while (id == 0 || id == FORBIDDEN || taken.test(id));
        return id;
    }

    /** Whether a server with this id, or another with the same low byte, made a session. */
    public static boolean isOf(long sessionId, long serverId) {
        return (sessionId ^ (serverId << SERVER_SHIFT)) >>> SERVER_SHIFT == 0;
    }
}
