/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.Id;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the list a client sends with create or setACL into the list that is stored (spec client-protocol 7.3).
 *
 * <p>Runs before the node is looked up, and even with {@code skipACL}. The list {@code world:anyone:31} comes back as the
 * instance {@link Acl#OPEN}, which access checks answer fastest. Immutable. Thread: any.
 */
public final class AclFixUp {
    private static final String AUTH = "auth";

    /** What becomes of a list. */
    public sealed interface Outcome {
        /** The list to store. */
        record Usable(List<Acl> acl) implements Outcome {
            public Usable {
                acl = List.copyOf(acl);
            }
        }

        /** The code to answer: INVALID_ACL, or MARSHALLING_ERROR for a null id. */
        record Refused(ErrorCode error) implements Outcome {}
    }

    private static final Outcome OPEN = new Outcome.Usable(Acl.OPEN);
    private static final Outcome INVALID = new Outcome.Refused(ErrorCode.INVALID_ACL);
    private static final Outcome NULL_ID = new Outcome.Refused(ErrorCode.MARSHALLING_ERROR);

    private final AuthSchemes schemes;

    public AclFixUp(AuthSchemes schemes) {
        this.schemes = schemes;
    }

    public Outcome apply(@Nullable List<Acl> acl, Identities identities) {
        if (acl == null || acl.isEmpty()) {
            return INVALID;
        }
        if (acl.equals(Acl.OPEN)) {
            return OPEN;
        }
        List<Acl> stored = new ArrayList<>(acl.size());
        // Duplicates go before the expansion; what the expansion repeats stays (spec client-protocol 7.3).
        for (Acl entry : new LinkedHashSet<>(acl)) {
            Outcome refusal = append(entry, identities, stored);
            if (refusal != null) {
                return refusal;
            }
        }
        return stored.equals(Acl.OPEN) ? OPEN : new Outcome.Usable(stored);
    }

    /** Adds what stands for one entry, or answers why the whole list is refused. */
    private @Nullable Outcome append(Acl entry, Identities identities, List<Acl> stored) {
        String scheme = entry.id().scheme();
        String id = entry.id().id();
        if (scheme == null) {
            return INVALID;
        }
        if (scheme.equals(AUTH)) {
            return appendCreators(entry.perms(), identities, stored);
        }
        if (scheme.equals(Id.ANYONE.scheme())) {
            return id == null ? NULL_ID : appendIf(id.equals(Id.ANYONE.id()), entry, stored);
        }
        AuthScheme known = schemes.find(scheme);
        if (known == null) {
            return INVALID;
        }
        return id == null ? NULL_ID : appendIf(known.isValid(id), entry, stored);
    }

    private static @Nullable Outcome appendIf(boolean valid, Acl entry, List<Acl> stored) {
        if (!valid) {
            return INVALID;
        }
        stored.add(entry);
        return null;
    }

    /** {@code auth} means the sender: one entry for each of its identities that identifies creators. */
    private @Nullable Outcome appendCreators(int perms, Identities identities, List<Acl> stored) {
        int before = stored.size();
        for (int i = 0; i < identities.size(); i++) {
            Id held = identities.get(i);
            AuthScheme known = schemes.find(held.scheme());
            if (known != null && known.identifiesCreators()) {
                stored.add(new Acl(perms, held));
            }
        }
        return stored.size() == before ? INVALID : null;
    }
}
