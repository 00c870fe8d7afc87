/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import java.util.ArrayList;
import java.util.List;

/**
 * What getACL shows: digest hashes are for those who may administer the node (spec client-protocol 7.5). Thread: any.
 */
public final class AclRedaction {
    private static final String HIDDEN = ":x";

    private AclRedaction() {}

    /** The list as this connection may see it; the very same list when nothing is hidden. */
    public static List<Acl> shownTo(Identities identities, List<Acl> acl, AccessCheck access) {
        return !holdsDigest(acl) || access.allows(acl, Acl.ADMIN, identities) ? acl : redact(acl);
    }

    private static List<Acl> redact(List<Acl> acl) {
        List<Acl> shown = new ArrayList<>(acl.size());
        for (Acl entry : acl) {
            shown.add(redact(entry));
        }
        return shown;
    }

    private static Acl redact(Acl entry) {
        String id = entry.id().id();
        int colon = id == null ? -1 : id.indexOf(':');
        return id == null || colon < 0 || !DigestScheme.NAME.equals(entry.id().scheme())
                ? entry
                : new Acl(entry.perms(), new Id(DigestScheme.NAME, id.substring(0, colon) + HIDDEN));
    }

    private static boolean holdsDigest(List<Acl> acl) {
        for (int i = 0; i < acl.size(); i++) {
            if (DigestScheme.NAME.equals(acl.get(i).id().scheme())) {
                return true;
            }
        }
        return false;
    }
}
