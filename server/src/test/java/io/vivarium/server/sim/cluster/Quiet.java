/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Servers that say nothing: half of what they would say is about faults that were planned. */
final class Quiet implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.vivarium");
    private final Level before = logger.getLevel();

    Quiet() {
        logger.setLevel(Level.OFF);
    }

    /** For a process that does nothing else. */
    static void root() {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
    }

    @Override
    public void close() {
        logger.setLevel(before);
    }
}
