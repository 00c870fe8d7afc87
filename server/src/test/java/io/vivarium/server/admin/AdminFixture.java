/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.server.client.Admission;
import io.vivarium.server.client.ClientListener;
import io.vivarium.server.client.ConnectionThrottle;
import io.vivarium.server.config.ConfigLoader;
import io.vivarium.server.config.ConfigLog;
import io.vivarium.server.config.DiskConfigFiles;
import io.vivarium.server.config.ServerConfig;
import io.vivarium.server.metrics.Metrics;
import io.vivarium.server.pipeline.CoreMessage;
import io.vivarium.server.pipeline.TreeGate;
import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.SessionTable;
import io.vivarium.server.tree.SessionChanges;
import io.vivarium.server.tree.TreeConfig;
import io.vivarium.server.tree.TxnApplier;
import io.vivarium.server.tree.ZnodeTree;
import io.vivarium.server.watch.WatchTable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server's parts without a server: nothing listens, nothing is loaded, the core is the caller. */
final class AdminFixture implements AutoCloseable {
    static final String VERSION = "3.9.5-abc, built on 2026-01-01 00:00 UTC";
    static final InetSocketAddress ASKER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);
    static final HostFacts HOST = new HostFacts(
            "box",
            Map.of("java.version", "17.0.1", "user.dir", "/srv"),
            ZoneOffset.UTC,
            () -> 35,
            () -> 20_000,
            () -> new HostFacts.Memory(240L << 20, 512L << 20, 256L << 20));

    final SessionTable sessions = new SessionTable();
    final ExpiryBuckets expiry = new ExpiryBuckets(2000);
    final WatchTable watches = new WatchTable();
    final TxnApplier applier =
            new TxnApplier(new ZnodeTree(new TreeConfig(new OwnerKind.Rules(false, false), true)), new NoSessions());
    final Metrics metrics = new Metrics();
    boolean serving = true;
    ServerMode mode = ServerMode.STANDALONE;

    private final ClientListener listener = new ClientListener(
            new ClientListener.Config(new InetSocketAddress(0), -1, 0, 0, 1, false), new TreeGate(), 1024, metrics);
    private final AdminView view;
    private final FourLetterWords words;

    AdminFixture(ServerConfig config) {
        this(config, null);
    }

    /** @param member null for a server on its own */
    AdminFixture(ServerConfig config, @Nullable MemberView member) {
        view = new AdminView(
                config,
                VERSION,
                HOST,
                () -> serving,
                () -> mode,
                message -> ((CoreMessage.Inquiry) message).question().run(),
                sessions,
                expiry,
                applier,
                new TreeGate(),
                watches,
                listener,
                new Admission(1000, 1 << 20),
                new ConnectionThrottle(ConnectionThrottle.Config.OFF, new SplittableRandom(1), 0),
                () -> 3,
                metrics,
                member,
                Runnable::run,
                () -> 1_000_000_000L,
                () -> 8_000_000_000L,
                () -> 1_795_224_782_164L);
        words = new FourLetterWords(view);
    }

    AdminView view() {
        return view;
    }

    static ServerConfig config(Path dataDir, String... lines) {
        String text = "dataDir=" + dataDir + "\nclientPort=2181\ntickTime=2000\n" + String.join("\n", lines) + "\n";
        return new ConfigLoader(new DiskConfigFiles(), Map.of(), new ConfigLog())
                .load(dataDir.resolve("zoo.cfg"), text);
    }

    FourLetterWords words() {
        return words;
    }

    String ask(String word) throws Exception {
        return ask(code(word), new byte[0]);
    }

    String ask(int code, byte[] argument) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        words.run(code, argument, ASKER, answer::complete);
        return answer.get(10, TimeUnit.SECONDS);
    }

    static int code(String word) {
        return java.nio.ByteBuffer.wrap(word.getBytes(StandardCharsets.US_ASCII))
                .getInt();
    }

    @Override
    public void close() {
        listener.close();
    }

    private static final class NoSessions implements SessionChanges {
        @Override
        public void cleared() {
            // Sessions play no part.
        }

        @Override
        public void created(long id, int timeoutMillis) {
            // Sessions play no part.
        }

        @Override
        public void closed(long id) {
            // Sessions play no part.
        }
    }
}
