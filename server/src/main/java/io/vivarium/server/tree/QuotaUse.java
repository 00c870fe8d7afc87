/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

/**
 * The quotas of one namespace as reports tell of them: a namespace is the first element of a path.
 *
 * @param countLimit the hard limit where there is one, else the soft one; -1 for none, as for {@code bytesLimit}
 */
public record QuotaUse(String namespace, long countLimit, long count, long bytesLimit, long bytes) {}
