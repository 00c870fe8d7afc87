/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.Stat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one transaction: all that its answer needs.
 *
 * @param type the {@link OpCode} of the transaction or of the part of a multi; -1 for one that was refused
 * @param error an {@link ErrorCode} number, 0 when it took effect. A multi has 0 even when it was refused
 * @param path of the node that was created, changed or deleted; null where there is none
 * @param stat after the change, for those whose answer carries one
 * @param data of the configuration after a reconfiguration, whose answer carries it; null for all others
 * @param parts of a multi, one for each operation asked for; empty for all others
 */
public record ApplyResult(
        int type,
        int error,
        @Nullable String path,
        @Nullable Stat stat,
        byte @Nullable [] data,
        List<ApplyResult> parts) {
    static ApplyResult done(int type) {
        return new ApplyResult(type, 0, null, null, null, List.of());
    }

    static ApplyResult done(int type, String path) {
        return new ApplyResult(type, 0, path, null, null, List.of());
    }

    static ApplyResult done(int type, String path, Stat stat) {
        return new ApplyResult(type, 0, path, stat, null, List.of());
    }

    static ApplyResult reconfigured(String path, Stat stat, byte @Nullable [] data) {
        return new ApplyResult(OpCode.RECONFIG, 0, path, stat, data, List.of());
    }

    static ApplyResult failed(int type, ErrorCode error, String path) {
        return new ApplyResult(type, error.code(), path, null, null, List.of());
    }

    /** A refusal that was logged, and parts before and behind a refused part (spec persistence 3.4). */
    static ApplyResult refused(int error) {
        return new ApplyResult(OpCode.ERROR, error, null, null, null, List.of());
    }

    static ApplyResult multi(List<ApplyResult> parts) {
        return new ApplyResult(OpCode.MULTI, 0, null, null, null, List.copyOf(parts));
    }

    /** True for a refused request, and for a multi of which nothing took effect. */
    public boolean refused() {
        if (type != OpCode.MULTI) {
            return type == OpCode.ERROR;
        }
        for (ApplyResult part : parts) {
            if (part.type == OpCode.ERROR) {
                return true;
            }
        }
        return false;
    }
}
