/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.client;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;

/** Requests as a story tells them: short, and without the addresses of byte arrays. */
final class RequestText {
    /** A request that is written out only if somebody asks. */
    record Shown(int op, ClientRequest body) {
        @Override
        public String toString() {
            return of(op, body);
        }
    }

    private RequestText() {}

    static String of(int op, ClientRequest body) {
        String name = OpCode.name(op);
        if (body instanceof ClientRequest.Create create) {
            return name + " " + create.path() + " flags " + create.flags();
        }
        if (body instanceof ClientRequest.CreateTtl create) {
            return name + " " + create.path() + " flags " + create.flags() + " ttl " + create.ttlMillis();
        }
        if (body instanceof ClientRequest.SetData set) {
            return name + " " + set.path() + " version " + set.version();
        }
        if (body instanceof ClientRequest.Multi multi) {
            StringBuilder text = new StringBuilder(name);
            multi.parts()
                    .forEach(part ->
                            text.append(" [").append(of(part.op(), part.body())).append(']'));
            return text.toString();
        }
        if (body instanceof ClientRequest.Empty) {
            return name;
        }
        return name + " " + body;
    }
}
