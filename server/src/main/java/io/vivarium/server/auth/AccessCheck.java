/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * May this connection do that to this node? (spec client-protocol 7.2)
 *
 * <p>On the path of every read: makes no objects, and answers at once for the instance {@link Acl#OPEN}, so trees keep that
 * very list for open nodes. Immutable. Thread: any.
 */
public final class AccessCheck {
    private static final String WORLD = "world";
    private static final String ANYONE = "anyone";

    private final AuthSchemes schemes;
    private final boolean skipAcl;

    public AccessCheck(AuthSchemes schemes, AuthConfig config) {
        this.schemes = schemes;
        this.skipAcl = config.skipAcl();
    }

    /**
     * @param wanted one permission bit, or several of which any one suffices
     * @return true to go on, false for error -102
     */
    public boolean allows(@Nullable List<Acl> acl, int wanted, Identities identities) {
        if (skipAcl || acl == null || (acl == Acl.OPEN && (wanted & Acl.ALL) != 0)) {
            return true;
        }
        int size = acl.size();
        if (size == 0 || identities.isSuperuser()) {
            return true;
        }
        for (int i = 0; i < size; i++) {
            Acl entry = acl.get(i);
            if ((entry.perms() & wanted) != 0 && means(entry.id(), identities)) {
                return true;
            }
        }
        return false;
    }

    private boolean means(Id aclId, Identities identities) {
        String scheme = aclId.scheme();
        String name = aclId.id();
        if (scheme == null || name == null) {
            return false;
        }
        if (scheme.equals(WORLD) && name.equals(ANYONE)) {
            return true;
        }
        AuthScheme known = schemes.find(scheme);
        if (known == null) {
            return false;
        }
        for (int i = 0; i < identities.size(); i++) {
            Id held = identities.get(i);
            if (scheme.equals(held.scheme()) && held.id() != null && known.matches(held.id(), name)) {
                return true;
            }
        }
        return false;
    }
}
