/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.Role;
import io.vivarium.testkit.process.ServerDistribution;
import io.vivarium.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Where the two servers that a script compares sit: alone, or each in an ensemble of three of its own kind.
 *
 * <p>{@code -Dcontract.seat=follower} runs every suite that does not ask for another seat on a follower of stock and on one
 * of ours; all connections of a script go to that member. Thread: test.
 */
enum Seat {
    /** A server on its own. */
    STANDALONE,
    /** The one that orders the writes of all. */
    LEADER,
    /** One that has to ask the leader for each write. */
    FOLLOWER,
    /** The same without a vote: a fourth member. */
    OBSERVER;

    private static final long OBSERVER_ID = 4;

    /** A running server and what runs because of it. */
    record Taken(ServerProcess server, List<AutoCloseable> processes) {
        void close() {
            for (AutoCloseable each : processes) {
                try {
                    each.close();
                } catch (Exception e) {
                    throw new IllegalStateException("cannot end " + each, e);
                }
            }
        }
    }

    /** A start that goes on: the processes are launched, nobody waited for them. */
    @FunctionalInterface
    interface Starting {
        Taken await();
    }

    static Seat configured() {
        return valueOf(System.getProperty("contract.seat", "standalone").toUpperCase(Locale.ROOT));
    }

    Starting launch(ServerDistribution distribution, ServerProfile profile, Path directory) throws IOException {
        if (this == STANDALONE) {
            ServerProcess server = ServerProcess.of(distribution, directory)
                    .config(profile.config())
                    .properties(profile.properties())
                    .launch();
            return () -> new Taken(server.awaitServing(), List.of(server));
        }
        EnsembleProcesses.Builder builder = EnsembleProcesses.in(directory.toAbsolutePath());
        // What a script expects of a server on its own is not changed by what an ensemble of tests has in common.
        builder.config("maxSessionTimeout", "-1").config("4lw.commands.whitelist", "srvr");
        for (long id = 1; id < OBSERVER_ID; id++) {
            builder.participant(id, distribution);
        }
        if (this == OBSERVER) {
            builder.observer(OBSERVER_ID, distribution);
        }
        profile.config().forEach(builder::config);
        profile.properties().forEach(builder::property);
        EnsembleProcesses ensemble = builder.build().startAll();
        return () -> new Taken(memberOf(ensemble).process(), List.of(ensemble));
    }

    private EnsembleMember memberOf(EnsembleProcesses ensemble) {
        EnsembleMember leader = ensemble.awaitAllServing();
        return ensemble.members().stream()
                .filter(member -> this == LEADER ? member == leader : member.is(Role.valueOf(name())))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody is " + this + "\n" + ensemble.report()));
    }
}
