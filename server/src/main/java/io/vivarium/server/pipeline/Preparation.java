/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.server.auth.Identities;

/**
 * The circumstances of one operation being prepared.
 *
 * @param zxid the zxid its transaction will have
 * @param timeMillis wall clock, milliseconds; becomes ctime and mtime
 */
record Preparation(long sessionId, Identities identities, long zxid, long timeMillis) {}
