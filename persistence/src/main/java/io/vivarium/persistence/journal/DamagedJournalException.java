/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import java.io.IOException;
import java.nio.file.Path;

/** Bytes in a log that a cut-off write does not explain. The message names file, offset, zxid before it and reason. */
public final class DamagedJournalException extends IOException {
    private static final long serialVersionUID = 1L;

    public DamagedJournalException(Path file, long offset, String message) {
        super(file + " at offset " + offset + ": " + message);
    }
}
