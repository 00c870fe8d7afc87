/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.session;

import java.util.List;

/**
 * Sessions that expire together; what the four-letter word {@code dump} prints (spec operations 3.3).
 *
 * @param expiryMillis on the clock that {@link ExpiryBuckets} is given, a multiple of the tick
 */
public record ExpiryBucket(long expiryMillis, List<Long> sessionIds) {
    public ExpiryBucket {
        sessionIds = List.copyOf(sessionIds);
    }
}
