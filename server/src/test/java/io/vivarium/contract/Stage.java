/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.data.Acl;
import io.vivarium.testkit.process.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One run of one script on one server: opens connections, collects the transcript, leaves no session behind.
 *
 * <p>Each run owns a fresh node of the tree, {@code ~}. The zxid at which the script starts is the base of all zxids in
 * the transcript. Thread: that of the script.
 */
final class Stage {
    /** What each connection of the engine does first. */
    @FunctionalInterface
    interface SetUp {
        void accept(Session session) throws IOException;
    }

    private final ServerProcess server;
    private final SetUp firstSteps;
    private final List<Session> sessions = new ArrayList<>();
    private final List<String> transcript = new ArrayList<>();
    private Lens lens;

    /**
     * @param number makes the root of the script unique on its server
     * @param nowMillis wall time, to recognise times of this run
     */
    Stage(ServerProcess server, int number, long nowMillis, SetUp firstSteps) throws IOException {
        this.server = server;
        this.firstSteps = firstSteps;
        String root = "/script" + number;
        lens = new Lens(0, root, nowMillis);
        Session setUp = connect("setUp");
        firstSteps.accept(setUp);
        setUp.create(root, "", Acl.OPEN, 0);
        long baseZxid = setUp.closeSession().zxid();
        setUp.awaitClosed();
        transcript.clear();
        sessions.clear();
        lens = new Lens(baseZxid, root, nowMillis);
    }

    Lens lens() {
        return lens;
    }

    ServerProcess server() {
        return server;
    }

    /** A new session of 30 s, as current clients ask for it. */
    Session connect(String name) throws IOException {
        return connect(name, Session.newSession(Session.TIMEOUT_MILLIS));
    }

    Session connect(String name, int timeoutMillis) throws IOException {
        return connect(name, Session.newSession(timeoutMillis));
    }

    Session connect(String name, ConnectRequest request) throws IOException {
        return open(name).handshake(request);
    }

    /** Another connection for the session of {@code old}, with its password. */
    Session reattach(String name, Session old) throws IOException {
        return reattach(name, old.id(), old.password());
    }

    Session reattach(String name, long sessionId, byte[] password) throws IOException {
        return connect(name, new ConnectRequest(0, 0, Session.TIMEOUT_MILLIS, sessionId, password, false, true));
    }

    /** A connection that has said nothing yet. */
    Session open(String name) throws IOException {
        return open(name, server);
    }

    /** The same to another member of the ensemble. */
    Session open(String name, ServerProcess member) throws IOException {
        Session session = new Session(name, this, new WireClient(member.clientPort()));
        sessions.add(session);
        return session;
    }

    /** Notes the answer to a four-letter word, each line as {@code shape} makes it comparable. */
    void word(String word, UnaryOperator<String> shape) throws IOException {
        String answer = server.ask(word);
        note("word " + word.substring(0, 4));
        answer.lines().map(shape).forEach(line -> note("  " + line));
        note(answer.endsWith("\n") ? "ends with a line break" : "ends without a line break");
    }

    /** The same for an answer whose lines come in no promised order; lines that become empty are left out. */
    void wordSorted(String word, UnaryOperator<String> shape) throws IOException {
        note("word " + word + ", sorted");
        server.ask(word)
                .lines()
                .map(shape)
                .filter(line -> !line.isEmpty())
                .sorted()
                .forEach(line -> note("  " + line));
    }

    /** Adds a line of the script's own to the transcript. */
    void note(String line) {
        transcript.add(printable(lens.shorten(line)));
    }

    /** Names may hold any character; a transcript holds printable ASCII, one line for each note. */
    private static String printable(String line) {
        StringBuilder text = new StringBuilder(line.length());
        line.chars().forEach(c -> {
            if (c >= ' ' && c <= '~') {
                text.append((char) c);
            } else {
                text.append(String.format("\\u%04x", c));
            }
        });
        return text.toString();
    }

    /** Drops what was noted so far: steps that only set the scene. */
    void forget() {
        transcript.clear();
    }

    /** Drops the last lines, such as those of another connection's handshake. */
    void forgetLast(int lines) {
        transcript.subList(transcript.size() - lines, transcript.size()).clear();
    }

    /** What was noted so far. */
    List<String> transcript() {
        return List.copyOf(transcript);
    }

    /** Ends every session that the script left, so that none expires into the zxids of a later script. */
    void cleanUp() throws IOException {
        List<Session> left = new ArrayList<>();
        for (Session session : sessions) {
            if (!session.isClosed() && !session.isEnded()) {
                firstSteps.accept(session);
            }
            session.cleanUp();
            if (!session.isEnded()) {
                left.add(session);
            }
        }
        for (Session session : left) {
            ConnectRequest request = new ConnectRequest(
                    0, 0, Session.TIMEOUT_MILLIS, session.id(), SessionPassword.of(session.id()), false, true);
            Session again = new Session("again", this, new WireClient(server.clientPort()));
            again.handshake(request);
            if (!again.isEnded()) {
                firstSteps.accept(again);
            }
            again.cleanUp();
        }
    }

    /** A password that is no session's. */
    static byte[] wrongPassword() {
        byte[] password = new byte[ConnectReply.PASSWORD_BYTES];
        password[0] = 1;
        return password;
    }
}
