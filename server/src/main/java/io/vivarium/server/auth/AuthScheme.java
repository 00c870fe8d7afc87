/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import org.jspecify.annotations.Nullable;

/**
 * One way of saying who somebody is (port; spec client-protocol 7.4).
 *
 * <p>Thread: any; implementations are immutable and never block. {@link #matches} is on the path of every read of a
 * protected node and so makes no objects.
 */
public interface AuthScheme {
    /** The scheme's name in ACL entries and auth packets. */
    String name();

    /**
     * Whether its identities stand for creators, so that an ACL entry of scheme {@code auth} is replaced by them (spec
     * client-protocol 7.3).
     */
    boolean identifiesCreators();

    /** Whether an ACL entry may carry this id. */
    boolean isValid(String aclId);

    /** Whether a connection that holds {@code id} is meant by an ACL entry with {@code aclId}. */
    boolean matches(String id, String aclId);

    /** Answers an auth packet: identities to add to the connection, or a refusal. */
    AuthOutcome authenticate(ConnectionIdentity connection, byte @Nullable [] data);

    /** The part of an id that whoAmI shows (spec client-protocol 10.3). */
    default String userOf(String id) {
        return id;
    }
}
