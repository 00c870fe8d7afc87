/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Asks for the addresses of a host name. Thread: any; never blocks its caller. */
@FunctionalInterface
public interface NameLookup {
    /** Completes with at least one address, or exceptionally; possibly never, so the caller sets a limit. */
    CompletionStage<List<InetAddress>> lookup(String host);
}
