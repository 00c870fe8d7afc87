/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * From a request to its effect: the order of a session, preparation, the journal's word, application, answer.
 *
 * <p>One thread, {@code core}, owns everything that changes ({@link io.vivarium.server.pipeline.Replica} and what it is
 * composed of); {@link io.vivarium.server.pipeline.CoreLoop} is that thread and its mailbox. Reads run where their bytes
 * arrive, under the shared side of {@link io.vivarium.server.pipeline.TreeGate}. Nothing here touches a socket or a
 * file: clients are {@link io.vivarium.server.pipeline.ClientLink}s, the log is a port. Spec: client-protocol 5, 8.4,
 * 9.5; quorum 9. Start reading at {@link io.vivarium.server.pipeline.Replica}.
 */
@NullMarked
package io.vivarium.server.pipeline;

import org.jspecify.annotations.NullMarked;
