/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

import static org.awaitility.Awaitility.await;

import io.vivarium.drill.DrillConnection;
import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.testkit.process.EnsembleMember;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Finds out when an ensemble accepts writes again, without the pauses that the stock client makes between attempts: it asks
 * one member after the other for a new session, which is a write that a quorum must agree to. Thread: test.
 */
final class WriteProbe {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(2);
    private static final int TIMEOUT_MILLIS = 20_000;

    private WriteProbe() {}

    /** The moment of the first answer, by {@link System#nanoTime}. */
    static long firstWrite(List<EnsembleMember> members) {
        return await("a member opens a session")
                .atMost(DEADLINE)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(
                        () -> members.stream()
                                .filter(WriteProbe::opensSession)
                                .mapToLong(member -> System.nanoTime())
                                .findFirst()
                                .orElse(0),
                        moment -> moment != 0);
    }

    private static boolean opensSession(EnsembleMember member) {
        try (DrillConnection connection = DrillConnection.newSession(member.clientPort(), TIMEOUT_MILLIS)) {
            if (connection.session() == 0) {
                return false;
            }
            connection.send(OpCode.CLOSE_SESSION, ClientRequest.Empty.INSTANCE);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
