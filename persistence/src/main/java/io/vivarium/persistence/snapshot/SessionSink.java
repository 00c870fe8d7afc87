/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

import java.io.IOException;

/** Takes the sessions of a snapshot. */
@FunctionalInterface
public interface SessionSink {
    void session(long id, int timeoutMillis) throws IOException;
}
