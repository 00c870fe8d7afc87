/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

/** Which end of a connection we are. */
public enum Side {
    /** We called. */
    DIALLER,
    /** We were called. */
    ACCEPTOR
}
