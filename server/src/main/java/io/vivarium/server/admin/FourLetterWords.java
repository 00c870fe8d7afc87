/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.server.client.ConnectionView;
import io.vivarium.server.client.TextCommands;
import io.vivarium.server.tree.DigestHistory;
import io.vivarium.server.tree.TreeView;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers four-letter words: which are known, which are allowed, where the answer comes from (spec operations 3).
 *
 * <p>Thread: called on event loops. Words that need a glance are answered there; everything else is written on the thread of
 * {@link AdminView#reports}, which may wait for the gate and the disk.
 */
public final class FourLetterWords implements TextCommands {
    private static final Logger LOG = LoggerFactory.getLogger(FourLetterWords.class);
    private static final String NOT_SERVING = "This ZooKeeper instance is not currently serving requests";
    /** What stock starts with. This server writes no trace; tools that set and read the mask get what they set. */
    private static final long DEFAULT_TRACE_MASK = 306;

    private final AdminView view;
    private final WatchReport watches;
    private final Monitor monitor;
    private final AtomicLong traceMask = new AtomicLong(DEFAULT_TRACE_MASK);
    private final AtomicBoolean listed = new AtomicBoolean();

    public FourLetterWords(AdminView view) {
        this.view = view;
        this.watches = new WatchReport(view.gate(), view.watches());
        this.monitor = new Monitor(view);
    }

    @Override
    public boolean isCommand(int code) {
        return Word.of(code) != null;
    }

    @Override
    public int argumentBytes(int code) {
        Word word = Word.of(code);
        // A refusal does not wait for an argument.
        return word == null || !isAllowed(word) ? 0 : word.argumentBytes();
    }

    @Override
    public void run(int code, byte[] argument, InetSocketAddress asker, Consumer<String> answer) {
        Word word = Word.of(code);
        if (word == null) {
            throw new IllegalArgumentException("not a command: 0x" + Integer.toHexString(code));
        }
        listOnce();
        if (!isAllowed(word)) {
            answer.accept(word.text() + " is not executed because it is not in the whitelist.\n");
            return;
        }
        LOG.info("Processing {} command from {}", word.text(), asker);
        try {
            run(word, argument, answer);
        } catch (RejectedExecutionException e) {
            LOG.warn("{} of {} gets no answer: too many reports are being written", word.text(), asker);
            answer.accept("");
        }
    }

    private void run(Word word, byte[] argument, Consumer<String> answer) {
        switch (word) {
            case RUOK -> answer.accept("imok");
            case ISRO -> answer.accept(isro());
            case GTMK -> answer.accept(Long.toString(traceMask.get()));
            case STMK -> answer.accept(setTraceMask(ByteBuffer.wrap(argument).getLong()));
            case ENVI -> answer.accept(EnvironmentReport.envi(view.version(), view.host()));
            case TELNET_CLOSE -> answer.accept("");
            case HASH -> {
                if (view.serving().getAsBoolean()) {
                    runServing(word, answer);
                } else {
                    answer.accept(NOT_SERVING);
                }
            }
            default -> {
                if (view.serving().getAsBoolean()) {
                    runServing(word, answer);
                } else {
                    answer.accept(NOT_SERVING + "\n");
                }
            }
        }
    }

    private void runServing(Word word, Consumer<String> answer) {
        switch (word) {
            case SRVR -> write(word, answer, () -> server().srvr());
            case STAT -> write(word, answer, view.clients().connections(), clients -> server().stat(clients));
            case MNTR -> write(word, answer, monitor.report(), report -> MonitorText.of(view, report));
            case CONF ->
                write(
                        word,
                        answer,
                        () -> ConfigReport.conf(
                                view.config(), view.clients().boundAddress().getPort(), directorySizes()));
            case CONS -> write(word, answer, view.clients().connections(), ConnectionReport::cons);
            case CRST -> write(word, answer, view.clients().resetConnections(), done -> "Connection stats reset.\n");
            case SRST -> {
                reset();
                answer.accept("Server stats reset.\n");
            }
            case DUMP ->
                write(
                        word,
                        answer,
                        view.onCore(() -> SessionFacts.of(view.sessions(), view.expiry()))
                                .thenCombineAsync(view.clients().connections(), this::sessionReport, view.reports()),
                        SessionReport::dump);
            case WCHS -> write(word, answer, watches::wchs);
            case WCHC -> write(word, answer, watches::wchc);
            case WCHP -> write(word, answer, watches::wchp);
            case DIRS -> write(word, answer, () -> directorySizes().dirs());
            case HASH -> write(word, answer, view.onCore(view.applier().digests()::entries), FourLetterWords::hash);
            default -> throw new IllegalStateException(word + " needs no server that serves");
        }
    }

    // ---- Single answers ---------------------------------------------------------------------------------------

    private String isro() {
        if (!view.serving().getAsBoolean()) {
            return "null";
        }
        return view.mode().get() == ServerMode.READ_ONLY ? "ro" : "rw";
    }

    private void reset() {
        view.clients().stats().reset();
        view.metrics().reset();
        MemberView member = view.member();
        if (member != null) {
            member.proposals().reset();
        }
    }

    private String setTraceMask(long mask) {
        traceMask.set(mask);
        return Long.toString(mask);
    }

    private ServerReport server() {
        MemberView member = view.member();
        long stamp = view.gate().enterShared();
        long zxid;
        int nodes;
        try {
            zxid = view.lastZxid();
            nodes = view.stockNodeCount();
        } finally {
            view.gate().leaveShared(stamp);
        }
        return new ServerReport(
                view.version(),
                view.mode().get(),
                view.clients().stats().totals(),
                view.clients().connectionCount(),
                view.admission().inFlight(),
                zxid,
                nodes,
                member == null ? "" : member.proposalLine());
    }

    private SessionReport sessionReport(SessionFacts sessions, List<ConnectionView> connections) {
        MemberView member = view.member();
        Map<Long, List<String>> ephemerals;
        long stamp = view.gate().enterShared();
        try {
            ephemerals = tree().ephemerals().copy();
        } finally {
            view.gate().leaveShared(stamp);
        }
        return new SessionReport(
                sessions,
                SessionReport.Form.of(member != null && member.isLearner(), member != null && member.localSessions()),
                ephemerals,
                connections,
                view.nanoClock().getAsLong(),
                view.wallClock().getAsLong(),
                view.host().zone(),
                view.config().clientPort().sessionlessTimeoutMillis());
    }

    private static String hash(List<DigestHistory.Entry> entries) {
        StringBuilder text = new StringBuilder();
        for (DigestHistory.Entry entry : entries) {
            text.append(Long.toHexString(entry.zxid()))
                    .append(": ")
                    .append(entry.digest())
                    .append('\n');
        }
        return text.toString();
    }

    private DirectorySizes directorySizes() {
        return DirectorySizes.of(view.config().storage().directories());
    }

    private TreeView tree() {
        return view.applier().tree();
    }

    // ---- Where answers are written ----------------------------------------------------------------------------

    private void write(Word word, Consumer<String> answer, Supplier<String> report) {
        deliver(word, answer, CompletableFuture.supplyAsync(report, view.reports()));
    }

    private <T> void write(Word word, Consumer<String> answer, CompletableFuture<T> facts, Function<T, String> report) {
        deliver(word, answer, facts.thenApplyAsync(report, view.reports()));
    }

    /** The end of the chain: whatever happened, the asker gets an answer and its connection is closed. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static void deliver(Word word, Consumer<String> answer, CompletableFuture<String> text) {
        text.whenComplete((report, failure) -> {
            if (failure != null) {
                LOG.warn("{} gets no answer", word.text(), failure);
            }
            answer.accept(report == null ? "" : report);
        });
    }

    private boolean isAllowed(Word word) {
        return view.config().admin().allowsWord(word.text());
    }

    private void listOnce() {
        if (listed.compareAndSet(false, true)) {
            Map<Integer, String> known = new TreeMap<>();
            Arrays.stream(Word.values()).forEach(word -> known.put(word.code(), word.text()));
            LOG.info("The list of known four letter word commands is : [{}]", known);
            List<String> enabled = known.values().stream()
                    .filter(view.config().admin()::allowsWord)
                    .toList();
            LOG.info("The list of enabled four letter word commands is : [{}]", enabled);
        }
    }
}
