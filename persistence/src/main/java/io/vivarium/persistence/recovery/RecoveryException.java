/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The start must not go on. An own fault; the message names file, offset, zxid and what the operator can do.
 *
 * <p>Which exit code follows is decided by whoever ends the process, from {@link #fault} (spec operations 2.6).
 */
public final class RecoveryException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What kind of thing is wrong. */
    public enum Fault {
        /** A directory is missing, not writable, or holds the other kind of files: stand-alone exit code 3. */
        DIRECTORY,
        /** The files cannot be turned into a tree without losing something: exit code 1. */
        DATABASE
    }

    private final Fault fault;

    public RecoveryException(Fault fault, String message) {
        super(message);
        this.fault = fault;
    }

    public RecoveryException(Fault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    static RecoveryException atRecord(Path file, long offset, String what, String remedy) {
        return new RecoveryException(Fault.DATABASE, file + " at offset " + offset + ": " + what + ". " + remedy);
    }

    public Fault fault() {
        return fault;
    }
}
