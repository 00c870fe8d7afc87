/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import java.util.Map;

/** The sessions to be written into a snapshot: id to timeout in milliseconds. Called inside a shared hold; a copy. */
@FunctionalInterface
public interface OpenSessions {
    Map<Long, Integer> timeouts();
}
