/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

/**
 * What happens when the server itself is at fault: a disk that fails, an invariant that does not hold.
 *
 * <p>Thread: any. No leaf decides to exit; it reports here. Production halts the process with a clear cause, tests
 * throw.
 */
@FunctionalInterface
public interface FatalErrorHandler {
    /** @param where the thread or part that found the fault */
    void onFatal(String where, Throwable cause);
}
