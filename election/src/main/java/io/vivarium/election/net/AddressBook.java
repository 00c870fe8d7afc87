/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.vivarium.protocol.ensemble.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the peers are: their configured addresses, and what their names last stood for.
 *
 * <p>A name is looked up again for every dial, because containers move; but never for longer than {@link
 * #PATIENCE_MILLIS} when an older answer is known, because name servers fail together with what they name. Thread:
 * peer-io.
 */
public final class AddressBook {
    static final int PATIENCE_MILLIS = 200;

    private final EventLoop loop;
    private final NameLookup lookup;
    private final int timeoutMillis;
    private final Map<String, List<InetAddress>> lastGood = new HashMap<>();
    private Map<Long, List<HostPort>> configured = Map.of();

    /** @param timeoutMillis how long a name without an older answer may be looked up */
    public AddressBook(EventLoop loop, NameLookup lookup, int timeoutMillis) {
        this.loop = loop;
        this.lookup = lookup;
        this.timeoutMillis = timeoutMillis;
    }

    /** The peers by sid; what was remembered for other names is forgotten. */
    public void configure(Map<Long, List<HostPort>> peers) {
        configured = Map.copyOf(peers);
        lastGood.keySet().removeIf(host -> !isConfigured(host));
    }

    boolean knows(long sid) {
        return configured.containsKey(sid);
    }

    /**
     * The addresses to try for {@code sid}, best first. The configured ones lead, unless the caller says that it is at
     * another of them; what a caller says and no configuration confirms comes last, because anybody can say it (spec
     * election 7.3, "dial-back to any address"). Each dial begins with another of several.
     */
    List<HostPort> candidates(long sid, List<HostPort> advertised, int attempt) {
        List<HostPort> known = configured.getOrDefault(sid, List.of());
        List<HostPort> candidates = new ArrayList<>();
        for (HostPort address : advertised) {
            if (known.contains(address)) {
                candidates.add(address);
            }
        }
        for (int i = 0; i < known.size(); i++) {
            HostPort address = known.get((i + attempt) % known.size());
            if (!candidates.contains(address)) {
                candidates.add(address);
            }
        }
        for (HostPort address : advertised) {
            if (!candidates.contains(address) && !isWildcard(address.host())) {
                candidates.add(address);
            }
        }
        return candidates;
    }

    /** Finds the address to connect to; the answer comes on the event loop, exactly once. */
    public void resolve(HostPort address, int attempt, Consumer<InetSocketAddress> found, Consumer<Throwable> failed) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(address.host());
        if (literal != null) {
            try {
                found.accept(new InetSocketAddress(InetAddress.getByAddress(literal), address.port()));
            } catch (UnknownHostException impossible) {
                failed.accept(impossible);
            }
            return;
        }
        new Question(address, attempt, found, failed).ask();
    }

    private boolean isConfigured(String host) {
        return configured.values().stream().flatMap(List::stream).anyMatch(address -> address.host()
                .equals(host));
    }

    private static boolean isWildcard(String host) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal == null) {
            return false;
        }
        for (byte part : literal) {
            if (part != 0) {
                return false;
            }
        }
        return true;
    }

    /** One name being looked up: the answer, the last good answer or a failure, whatever comes first. */
    private final class Question {
        private final HostPort address;
        private final int attempt;
        private final Consumer<InetSocketAddress> found;
        private final Consumer<Throwable> failed;
        private @Nullable Future<?> limit;
        private boolean closed;

        Question(HostPort address, int attempt, Consumer<InetSocketAddress> found, Consumer<Throwable> failed) {
            this.address = address;
            this.attempt = attempt;
            this.found = found;
            this.failed = failed;
        }

        void ask() {
            boolean known = lastGood.containsKey(address.host());
            limit = loop.schedule(
                    known ? this::useLastGood : this::giveUp,
                    known ? PATIENCE_MILLIS : timeoutMillis,
                    TimeUnit.MILLISECONDS);
            lookup.lookup(address.host())
                    .whenComplete((answer, failure) -> loop.execute(() -> onAnswer(answer, failure)));
        }

        private void onAnswer(@Nullable List<InetAddress> answer, @Nullable Throwable failure) {
            if (answer != null) {
                // Names that only a caller gave us are not remembered, or callers could fill our memory.
                if (isConfigured(address.host())) {
                    lastGood.put(address.host(), answer);
                }
                use(answer);
            } else if (lastGood.containsKey(address.host())) {
                useLastGood();
            } else {
                fail(failure == null ? new UnknownHostException(address.host()) : failure);
            }
        }

        private void giveUp() {
            fail(new UnknownHostException("no answer for " + address.host() + " within " + timeoutMillis + " ms"));
        }

        private void useLastGood() {
            List<InetAddress> known = lastGood.get(address.host());
            if (known != null) {
                use(known);
            } else {
                fail(new UnknownHostException(address.host() + " was forgotten with a configuration"));
            }
        }

        private void use(List<InetAddress> addresses) {
            if (close()) {
                found.accept(new InetSocketAddress(addresses.get(attempt % addresses.size()), address.port()));
            }
        }

        private void fail(Throwable failure) {
            if (close()) {
                failed.accept(failure);
            }
        }

        private boolean close() {
            if (closed) {
                return false;
            }
            closed = true;
            if (limit != null) {
                limit.cancel(false);
            }
            return true;
        }
    }
}
