/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.server.auth.Identities;
import org.jspecify.annotations.Nullable;

/**
 * The circumstances of one operation being prepared.
 *
 * @param zxid the zxid its transaction will have
 * @param timeMillis wall clock, milliseconds; becomes ctime and mtime
 * @param ephemeralFault why its session may not own an ephemeral node; null if it may
 */
record Preparation(
        long sessionId,
        Identities identities,
        long zxid,
        long timeMillis,
        @Nullable ErrorCode ephemeralFault) {}
