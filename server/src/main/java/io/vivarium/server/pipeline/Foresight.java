/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.server.tree.PathBatch;
import io.vivarium.server.tree.TreeView;
import org.jspecify.annotations.Nullable;

/**
 * Reads a little of all the nodes that a few messages are about, before the first of them is dealt with: so the core waits
 * for memory once, and not again and again (docs/adr/0010). Nothing but time depends on it.
 *
 * <p>Thread: core.
 */
final class Foresight {
    /** For fewer it saves nothing. */
    private static final int WORTH_IT = 4;

    private final TreeView tree;
    private final PathBatch paths = new PathBatch();

    Foresight(TreeView tree) {
        this.tree = tree;
    }

    void look(@Nullable CoreMessage[] messages, int count) {
        for (int i = 0; i < count; i++) {
            CoreMessage message = messages[i];
            String path = message == null ? null : message.path();
            if (path != null) {
                paths.add(path);
            }
        }
        if (paths.size() >= WORTH_IT) {
            tree.touch(paths);
        }
        paths.clear();
    }
}
