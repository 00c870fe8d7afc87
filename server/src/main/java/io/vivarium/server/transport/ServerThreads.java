/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.transport;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The threads of a server: they have the names that docs/architecture.md gives them, and log under the id of the server whose
 * thread has made the factory ({@code myid}, spec operations 6.1).
 *
 * <p>Thread: any.
 */
public final class ServerThreads implements ThreadFactory {
    /** Whether the process may end while such a thread runs. */
    public enum Life {
        KEEPS_PROCESS,
        DAEMON
    }

    private final ThreadFactory threads;
    private final @Nullable Map<String, String> context = MDC.getCopyOfContextMap();

    private ServerThreads(ThreadFactory threads) {
        this.threads = threads;
    }

    /** For one thread, or for one at a time. */
    public static ThreadFactory single(String name, Life life) {
        return new ServerThreads(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(life == Life.DAEMON);
            return thread;
        });
    }

    /** For event loops and pools; the name is followed by numbers. */
    public static ThreadFactory numbered(String name, Life life) {
        return new ServerThreads(new DefaultThreadFactory(name, life == Life.DAEMON));
    }

    @Override
    public Thread newThread(Runnable task) {
        return threads.newThread(() -> {
            if (context != null) {
                MDC.setContextMap(context);
            }
            task.run();
        });
    }
}
