/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The links between a leader and its learners, as sockets (spec quorum 1, 6.1).
 *
 * <p>Frames packets, dials, accepts, holds back what must wait behind a history; decides nothing. Thread: peer-io, and
 * the thread that sends histories for {@link io.vivarium.server.quorum.net.HistoryOutlet}. Start reading at {@link
 * io.vivarium.server.quorum.net.LinkListener}.
 */
@NullMarked
package io.vivarium.server.quorum.net;

import org.jspecify.annotations.NullMarked;
