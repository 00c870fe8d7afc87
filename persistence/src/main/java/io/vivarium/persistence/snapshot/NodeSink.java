/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

import io.vivarium.protocol.data.StoredStat;
import java.io.IOException;

/** Takes the nodes of a snapshot. */
@FunctionalInterface
public interface NodeSink {
    /**
     * One node. The arrays are only borrowed for the call.
     *
     * @param path UTF-8; empty for the root
     * @param dataLength -1 for null data
     * @param aclId -1 for the open list
     */
    void node(byte[] path, int pathLength, byte[] data, int dataOffset, int dataLength, long aclId, StoredStat stat)
            throws IOException;
}
