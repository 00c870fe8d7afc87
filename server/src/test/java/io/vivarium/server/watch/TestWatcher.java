/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

/** A watcher with a name for messages. */
final class TestWatcher implements Watcher {
    private final String name;

    TestWatcher(String name) {
        this.name = name;
    }

    @Override
    public String toString() {
        return name;
    }
}
