/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Who belongs to an ensemble and which sets of servers are a quorum of it.
 *
 * <p>Immutable values and their text form (the value of {@code /zookeeper/config}, of the configuration in notifications
 * and NEWLEADER, and of the {@code server.N} lines of a configuration file). Host names are kept as written; nothing
 * here resolves a name, because a member whose name does not resolve yet must not stop anybody (spec operations 8.33).
 * May not do IO. Thread: any. Spec: operations 1.7, quorum 10.2 and 11, election 2.5. Start reading at {@link
 * io.vivarium.protocol.ensemble.Ensemble}.
 */
@NullMarked
package io.vivarium.protocol.ensemble;

import org.jspecify.annotations.NullMarked;
