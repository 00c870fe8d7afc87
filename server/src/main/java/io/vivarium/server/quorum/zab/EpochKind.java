/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

/** The two epochs a server keeps on disk (spec quorum 2.2). */
public enum EpochKind {
    /** The last epoch promised; durable before the promise is given. */
    ACCEPTED,
    /** The last epoch whose history was taken over; durable before that is acknowledged. */
    CURRENT
}
