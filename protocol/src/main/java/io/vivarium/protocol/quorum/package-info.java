/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The packets that leader and learners exchange on the quorum port.
 *
 * <p>A quorum link is an endless sequence of {@link io.vivarium.protocol.quorum.QuorumPacket}s without length prefix or
 * magic; {@link io.vivarium.protocol.quorum.QuorumPacketDecoder} cuts it into packets. The other records are what
 * stands in the data field of some of them. Nothing here decides anything: which packet may come when is known by
 * {@code server.quorum.zab}. Thread: any; a decoder belongs to one connection. Spec: quorum 1.
 */
@NullMarked
package io.vivarium.protocol.quorum;

import org.jspecify.annotations.NullMarked;
