/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.server.quorum.zab.Proposal;
import io.vivarium.server.quorum.zab.Resync;
import java.util.List;

/**
 * What a member finds on its disk at the start.
 *
 * @param acceptedEpoch the last epoch promised
 * @param currentEpoch the last epoch whose history was taken over
 * @param lastZxid last zxid of log and snapshots, uncommitted transactions included; the tree stands at it
 * @param resync whether this history may be trusted to be a prefix of the ensemble's
 * @param recent the newest transactions in the tree, oldest first
 */
public record MemberState(long acceptedEpoch, long currentEpoch, long lastZxid, Resync resync, List<Proposal> recent) {}
