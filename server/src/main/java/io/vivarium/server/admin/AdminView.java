/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.server.client.Admission;
import io.vivarium.server.client.ClientListener;
import io.vivarium.server.client.ConnectionThrottle;
import io.vivarium.server.config.ServerConfig;
import io.vivarium.server.metrics.Metrics;
import io.vivarium.server.pipeline.CoreMessage;
import io.vivarium.server.pipeline.Mailbox;
import io.vivarium.server.pipeline.TreeGate;
import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.SessionTable;
import io.vivarium.server.tree.TxnApplier;
import io.vivarium.server.watch.WatchTable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything reports are made of; put together by the composition root.
 *
 * @param version as in {@code 3.9.5-<revision>, built on <time>} (spec operations 3.3)
 * @param serving whether this server answers clients now
 * @param core where questions about sessions and digests are left
 * @param sessions touched by inquiries to the core only
 * @param expiry touched by inquiries to the core only
 * @param applier for its tree, read in shared holds of the gate, and its digests, touched by inquiries only
 * @param slowSyncs syncs of the journal that took longer than the threshold
 * @param metrics what the threads of this server record
 * @param member what a member of an ensemble has to report besides; null for a server on its own
 * @param reports runs what writes reports; may refuse when it has too much to do
 * @param startedNanos when the server began to serve, on the monotonic clock
 * @param nanoClock monotonic, nanoseconds
 * @param wallClock milliseconds since 1970
 */
public record AdminView(
        ServerConfig config,
        String version,
        HostFacts host,
        BooleanSupplier serving,
        Supplier<ServerMode> mode,
        Mailbox core,
        SessionTable sessions,
        ExpiryBuckets expiry,
        TxnApplier applier,
        TreeGate gate,
        WatchTable watches,
        ClientListener clients,
        Admission admission,
        ConnectionThrottle throttle,
        LongSupplier slowSyncs,
        Metrics metrics,
        @Nullable MemberView member,
        Executor reports,
        LongSupplier startedNanos,
        LongSupplier nanoClock,
        LongSupplier wallClock) {

    /** Asks the core; the answer is of one moment between two requests. */
    <T> CompletableFuture<T> onCore(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Runnable ask = () -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException e) {
                // A report that cannot be made is no reason for the core to end.
                answer.completeExceptionally(e);
            }
        };
        core.post(new CoreMessage.Inquiry(ask, () -> answer.cancel(false)));
        return answer;
    }

    /** The last zxid this server stands at: an epoch that is served begins with one that no transaction has. */
    long lastZxid() {
        long applied = applier.tree().lastZxid();
        return member == null ? applied : Math.max(applied, member.role().get().epochStart());
    }

    /** Stock counts the root twice, because it keeps it under two names. Inside a hold of the gate. */
    int stockNodeCount() {
        return applier.tree().nodeCount() + 1;
    }
}
