/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * From files to a tree: newest valid snapshot, then the log behind it.
 *
 * <p>{@link io.vivarium.persistence.recovery.Recovery} walks the files; what follows from what it finds is decided by the
 * pure table {@link io.vivarium.persistence.recovery.RecoveryDecision}. Damage that a cut-off write explains is dropped
 * with one log line; damage that may cost acknowledged transactions ends the start with a
 * {@link io.vivarium.persistence.recovery.RecoveryException}. A member of an ensemble goes through {@link
 * io.vivarium.persistence.recovery.MemberRecovery}, which keeps such files aside and lets a leader replace them. Thread:
 * {@code main}. Spec: persistence 1.2 to 1.4, 2.4, 2.5, 6.1, quorum 2.2.
 */
@NullMarked
package io.vivarium.persistence.recovery;

import org.jspecify.annotations.NullMarked;
