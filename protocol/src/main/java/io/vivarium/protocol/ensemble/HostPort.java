/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.ensemble;

/**
 * A host as it was written (name, IPv4 or IPv6 without brackets; not resolved) and a TCP port.
 *
 * @param port 0 to 65535
 */
public record HostPort(String host, int port) {
    /** The address that stands for "every address of this machine". */
    public static final String ANY = "0.0.0.0";

    public HostPort {
        Ports.check(host, port);
    }

    /** {@code host:port}, an IPv6 host in brackets. */
    @Override
    public String toString() {
        return bracketed(host) + ":" + port;
    }

    static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
