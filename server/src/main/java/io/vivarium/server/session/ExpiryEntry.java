/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.session;

import org.jspecify.annotations.Nullable;

/** A session's place in a bucket: a node of the bucket's ring, whose head has no session. Thread: core. */
final class ExpiryEntry {
    final ExpiryBuckets holder;
    final @Nullable Session session;
    long expiryMillis;
    ExpiryEntry previous = this;
    ExpiryEntry next = this;

    ExpiryEntry(ExpiryBuckets holder, @Nullable Session session) {
        this.holder = holder;
        this.session = session;
    }

    void insertBefore(ExpiryEntry head) {
        previous = head.previous;
        next = head;
        previous.next = this;
        head.previous = this;
    }

    void unlink() {
        previous.next = next;
        next.previous = previous;
        previous = this;
        next = this;
    }
}
