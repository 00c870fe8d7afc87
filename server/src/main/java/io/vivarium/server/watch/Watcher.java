/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

/**
 * Somebody who can be told of changes; in production a client connection.
 *
 * <p>The table compares watchers by identity and never calls them. An implementation must not override {@code equals}.
 */
public interface Watcher {}
