/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The history of a member on disk: cutting it back, replacing it by an image, sending it to a learner (spec quorum 4, 7.1).
 *
 * <p>Thread: journal for what changes files, the history threads for what only reads them, peer-io for an image that
 * comes in. Decides nothing: what to send is the plan of {@code quorum.zab}, what to keep is asked by the core. Start
 * reading at {@link io.vivarium.server.quorum.history.HistoryStore} for a member's own history and at {@link
 * io.vivarium.server.quorum.history.HistoryTransfer} for what learners get.
 */
@NullMarked
package io.vivarium.server.quorum.history;

import org.jspecify.annotations.NullMarked;
