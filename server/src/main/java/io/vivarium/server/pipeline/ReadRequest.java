/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.data.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A request that is answered from memory, in its place among the requests of its session.
 *
 * @param op the opcode as sent, which may be none that exists
 * @param body null if {@code failure} says what was wrong with the request itself
 * @param receivedNanos when its last byte was read
 */
public record ReadRequest(
        int xid,
        int op,
        @Nullable ClientRequest body,
        @Nullable ErrorCode failure,
        long receivedNanos) {

    public static ReadRequest of(int xid, int op, ClientRequest body, long receivedNanos) {
        return new ReadRequest(xid, op, body, null, receivedNanos);
    }

    /** A request whose answer is known to be a refusal before anything is looked up. */
    public static ReadRequest failed(int xid, int op, ErrorCode failure, long receivedNanos) {
        return new ReadRequest(xid, op, null, failure, receivedNanos);
    }
}
