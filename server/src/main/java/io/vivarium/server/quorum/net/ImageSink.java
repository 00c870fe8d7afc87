/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import java.nio.ByteBuffer;

/**
 * Where an image goes that a leader sends behind SNAP (spec quorum 1.5). Thread: peer-io.
 */
@FunctionalInterface
public interface ImageSink {
    /**
     * Takes whole elements from the buffer and leaves an unfinished one where it is.
     *
     * @return true when the signature at the end has been read; not a byte behind it is taken
     * @throws io.vivarium.protocol.jute.MalformedDataException if this is no image
     */
    boolean accept(ByteBuffer in);
}
