/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.ensemble;

import java.io.Serial;

/**
 * Membership text that cannot be understood. Only the start-up, message or request that carried it fails; the message
 * is the one that operators know from stock servers wherever there is one (spec operations 1.7).
 */
public final class MalformedEnsembleException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public MalformedEnsembleException(String message) {
        super(message);
    }
}
