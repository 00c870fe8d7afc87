/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import io.vivarium.protocol.data.Id;
import java.util.Arrays;
import java.util.List;

/**
 * The set of identities one connection holds, in the order they were added.
 *
 * <p>Immutable: {@link #with} answers a new set. The connection keeps the current one in a volatile field, so that readers
 * on any thread see a whole set. It starts with the peer's {@code ip} and only ever grows; it belongs to the connection, not
 * to the session (spec client-protocol 7.2). Thread: any.
 */
public final class Identities {
    /** The scheme that passes every access check. */
    public static final String SUPER_SCHEME = "super";

    /** Held by nobody in particular: requests the server makes on its own behalf. */
    public static final Identities NONE = new Identities(new Id[0]);

    private final Id[] ids;
    private final boolean superuser;

    private Identities(Id[] ids) {
        this.ids = ids;
        this.superuser = holdsSuper(ids);
    }

    /** What a new connection holds: its peer's address. */
    public static Identities ofPeer(String address) {
        return new Identities(new Id[] {new Id(IpScheme.NAME, address)});
    }

    public static Identities of(List<Id> ids) {
        return NONE.withAll(ids);
    }

    /** This set and {@code id}; this very object when it already holds it. */
    public Identities with(Id id) {
        for (Id held : ids) {
            if (held.equals(id)) {
                return this;
            }
        }
        Id[] more = Arrays.copyOf(ids, ids.length + 1);
        more[ids.length] = id;
        return new Identities(more);
    }

    public Identities withAll(List<Id> added) {
        Identities result = this;
        for (Id id : added) {
            result = result.with(id);
        }
        return result;
    }

    public int size() {
        return ids.length;
    }

    public Id get(int index) {
        return ids[index];
    }

    public boolean isSuperuser() {
        return superuser;
    }

    public boolean holdsScheme(String scheme) {
        for (Id id : ids) {
            if (scheme.equals(id.scheme())) {
                return true;
            }
        }
        return false;
    }

    public List<Id> asList() {
        return List.of(ids);
    }

    private static boolean holdsSuper(Id[] ids) {
        for (Id id : ids) {
            if (SUPER_SCHEME.equals(id.scheme())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Identities that && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return Arrays.toString(ids);
    }
}
