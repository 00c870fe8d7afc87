/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.data.Acl;
import java.util.List;

/**
 * Something a transaction did that watches can see.
 *
 * @param type an event type: created, deleted, data changed
 * @param acl of the node; of a deleted one, before
 * @param parentAcl of its parent
 */
record Change(int type, String path, List<Acl> acl, List<Acl> parentAcl) {}
