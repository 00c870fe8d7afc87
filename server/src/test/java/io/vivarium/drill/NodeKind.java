/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.drill;

import io.vivarium.protocol.client.OpCode;

/**
 * How a node is created and when the server may take it away by itself (spec client-protocol 5.6). Immutable.
 *
 * @param op the opcode that creates it
 * @param owner the session that owns it, 0 for none; clients do not see more of a container or TTL node either
 * @param reapedFrom wall clock milliseconds from which on the server may delete it, {@link #NEVER} for never
 */
record NodeKind(int op, int flags, long owner, long ttlMillis, long reapedFrom) {
    static final long NEVER = Long.MAX_VALUE;
    static final NodeKind PLAIN = new NodeKind(OpCode.CREATE, 0, 0, 0, NEVER);
    static final NodeKind WITH_STAT = new NodeKind(OpCode.CREATE2, 0, 0, 0, NEVER);
    static final NodeKind CONTAINER = new NodeKind(OpCode.CREATE_CONTAINER, 4, 0, 0, NEVER);

    private static final int EPHEMERAL = 1;
    private static final int SEQUENTIAL = 2;
    private static final int TTL = 5;
    private static final int TTL_SEQUENTIAL = 6;
    private static final long ONE_DAY_MILLIS = 86_400_000;

    static NodeKind ephemeral(long session) {
        return new NodeKind(OpCode.CREATE, EPHEMERAL, session, 0, NEVER);
    }

    static NodeKind ephemeralWithStat(long session) {
        return new NodeKind(OpCode.CREATE2, EPHEMERAL, session, 0, NEVER);
    }

    /** Outlives the drill, so it has to stay. */
    static NodeKind longLived() {
        return new NodeKind(OpCode.CREATE_TTL, TTL, 0, ONE_DAY_MILLIS, NEVER);
    }

    /** @param nowMillis no later than the server creates it */
    static NodeKind shortLived(long nowMillis, long ttlMillis) {
        return new NodeKind(OpCode.CREATE_TTL, TTL, 0, ttlMillis, nowMillis + ttlMillis);
    }

    NodeKind sequential() {
        return new NodeKind(op, flags == TTL ? TTL_SEQUENTIAL : flags | SEQUENTIAL, owner, ttlMillis, reapedFrom);
    }

    /** The same as a part of a multi; stock 3.5 stops at a create2 part when it replays a log (spec persistence 8, T17). */
    NodeKind asPart() {
        return op == OpCode.CREATE2 ? new NodeKind(OpCode.CREATE, flags, owner, ttlMillis, reapedFrom) : this;
    }

    boolean isContainer() {
        return op == OpCode.CREATE_CONTAINER;
    }

    boolean hasTtl() {
        return op == OpCode.CREATE_TTL;
    }

    /** Whether the reply bears a stat behind the path. */
    boolean answersStat() {
        return op != OpCode.CREATE;
    }
}
