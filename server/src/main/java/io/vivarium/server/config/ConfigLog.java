/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The lines that loading a configuration has to say, in order. Collected, because loading comes before logging; who loads
 * prints them, also after a failure. Thread: any, one at a time.
 */
public final class ConfigLog {
    /** How much a line matters. */
    public enum Level {
        INFO,
        WARN,
        ERROR
    }

    /** One line. */
    public record Line(Level level, String text) {}

    private final List<Line> lines = new ArrayList<>();

    public List<Line> lines() {
        return List.copyOf(lines);
    }

    void info(String text) {
        lines.add(new Line(Level.INFO, text));
    }

    void warn(String text) {
        lines.add(new Line(Level.WARN, text));
    }

    void error(String text) {
        lines.add(new Line(Level.ERROR, text));
    }
}
