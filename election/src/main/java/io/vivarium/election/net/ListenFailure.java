/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import io.vivarium.protocol.ensemble.HostPort;

/**
 * The election port could not be opened, however often it was tried (spec election 1.7).
 *
 * @param address where we should listen
 * @param attempts how often it was tried
 * @param reason why the last try failed
 */
public record ListenFailure(HostPort address, int attempts, String reason) {
    /** What a stock process exits with when this happens to it. */
    public static final int EXIT_CODE = 14;

    @Override
    public String toString() {
        return "cannot listen on election address " + address + " after " + attempts + " attempts: " + reason;
    }
}
