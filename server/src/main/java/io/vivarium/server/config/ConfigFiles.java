/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import java.io.IOException;
import java.nio.file.Path;

/** The files a configuration is made of. May block; a test gives a map. */
public interface ConfigFiles {
    boolean exists(Path file);

    /** All bytes of a file. */
    byte[] read(Path file) throws IOException;
}
