/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

/** Whether anybody else may hold this member's history. */
public enum Peers {
    /** No other member votes. */
    NONE,
    SOME
}
