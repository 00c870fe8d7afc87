/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

import io.vivarium.protocol.data.Acl;
import java.io.IOException;
import java.util.List;

/** Takes the ACL table of a snapshot. */
@FunctionalInterface
public interface AclSink {
    void acl(long id, List<Acl> acl) throws IOException;
}
