/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Leader election as a value that can be stepped: notifications in, notifications and a result out.
 *
 * <p>No socket, thread, clock or dice in here: the owner hands in events with the time they happened, performs the
 * actions in order, and calls back when {@link io.vivarium.election.core.ElectionCore#deadlineNanos} has come. That is
 * what lets a test play thousands of elections with broken links in a second. Thread: core. Spec: election 3, and the
 * parts of 2 and 4 that belong to it. Start reading at {@link io.vivarium.election.core.ElectionCore}, then {@link
 * io.vivarium.election.core.Campaign}.
 */
@NullMarked
package io.vivarium.election.core;

import org.jspecify.annotations.NullMarked;
