/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The resolver of the machine, which blocks, on threads of its own, which may block (spec election 7.3, "slow DNS").
 *
 * <p>One question per name at a time: whoever asks meanwhile shares the answer, so a name server that hangs holds at most
 * one thread per name. Threads end when idle. Thread: any.
 */
public final class SystemNameLookup implements NameLookup, AutoCloseable {
    private static final int MAX_THREADS = 8;
    private static final int MAX_WAITING = 64;

    private final ConcurrentMap<String, CompletableFuture<List<InetAddress>>> asking = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            MAX_THREADS, MAX_THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                Thread thread = new Thread(task, "name-lookup");
                thread.setDaemon(true);
                return thread;
            });

    public SystemNameLookup() {
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletionStage<List<InetAddress>> lookup(String host) {
        CompletableFuture<List<InetAddress>> question = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> asked = asking.putIfAbsent(host, question);
        if (asked != null) {
            return asked;
        }
        try {
            threads.execute(() -> ask(host, question));
        } catch (RejectedExecutionException full) {
            asking.remove(host, question);
            question.completeExceptionally(full);
        }
        return question;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void ask(String host, CompletableFuture<List<InetAddress>> question) {
        try {
            List<InetAddress> answer = List.of(InetAddress.getAllByName(host));
            asking.remove(host, question);
            question.complete(answer);
        } catch (UnknownHostException e) {
            asking.remove(host, question);
            question.completeExceptionally(new CompletionException(e));
        }
    }
}
