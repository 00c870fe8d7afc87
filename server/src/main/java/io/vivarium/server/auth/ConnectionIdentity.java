/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What the transport knows about the peer of a connection.
 *
 * @param address the peer's address as {@code InetAddress.getHostAddress} prints it
 * @param certificates the verified TLS chain, the peer's own certificate first; empty without TLS or client certificate
 */
public record ConnectionIdentity(String address, List<X509Certificate> certificates) {
    public ConnectionIdentity {
        certificates = List.copyOf(certificates);
    }

    /** A peer without TLS. */
    public static ConnectionIdentity ofAddress(String address) {
        return new ConnectionIdentity(address, List.of());
    }
}
