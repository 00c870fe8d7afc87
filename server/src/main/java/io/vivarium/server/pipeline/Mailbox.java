/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

/** Where messages for the core are left; each is delivered or, once the core has ended, refused. Thread: any; never blocks. */
@FunctionalInterface
public interface Mailbox {
    void post(CoreMessage message);
}
