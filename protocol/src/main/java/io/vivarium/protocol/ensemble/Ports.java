/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.ensemble;

/** The check that all addresses of a member share. */
final class Ports {
    private static final int GREATEST = 65535;

    private Ports() {}

    static void check(String host, int port) {
        if (host.isEmpty()) {
            throw new MalformedEnsembleException("empty host name before port " + port);
        }
        if (port < 0 || port > GREATEST) {
            throw new MalformedEnsembleException(
                    "port " + port + " of host " + host + " is out of range 0 to " + GREATEST);
        }
    }
}
