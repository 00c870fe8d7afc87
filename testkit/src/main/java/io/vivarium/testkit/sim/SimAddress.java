/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.sim;

/** Where somebody listens: a machine, which fails as a whole, and a port on it. */
public record SimAddress(String host, int port) {
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
