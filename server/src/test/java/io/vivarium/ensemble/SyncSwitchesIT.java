/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.Role;
import io.vivarium.testkit.process.ServerDistribution;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators switch about the histories of members, in ensembles of ours and stock (spec quorum 4, 8.1). */
class SyncSwitchesIT {
    private static final ServerDistribution STOCK = Kinds.stock(Kinds.STOCK_CURRENT);

    @TempDir
    private Path directory;

    @Test
    void an_observer_that_keeps_no_log_gets_what_it_lacks_again() throws Exception {
        try (EnsembleProcesses ensemble = EnsembleProcesses.in(directory)
                .participant(1, Kinds.subject())
                .participant(2, STOCK)
                .participant(3, Kinds.subject())
                .observer(4, Kinds.subject())
                .observer(5, STOCK)
                .config("syncEnabled", "false")
                .build()) {
            ensemble.start(1, 3).member(3).awaitRole(Role.LEADER);
            ensemble.start(2, 4, 5).awaitAllServing();
            EnsembleMember ours = ensemble.member(4);
            populateAt(ours, "/first");
            long logged = ours.journalBytes();
            populateAt(ours, "/second");
            Trees.assertEqual(ensemble, "observers without a log");
            assertThat(ours.journalBytes()).as("bytes in the log of %s", ours).isEqualTo(logged);

            // Its memory is ahead of its disk, and a new leader asks for what is on disk.
            ensemble.member(3).kill9();
            ensemble.awaitAllServing();
            populateAt(ours, "/third");
            Trees.assertEqual(ensemble, "observers without a log followed another leader");

            for (EnsembleMember observer : List.of(ours, ensemble.member(5))) {
                observer.kill9();
                observer.start().awaitServing();
            }
            Trees.assertEqual(ensemble, "observers without a log were killed");

            // Whoever reads the log now must find no hole in it.
            ours.stop();
            ours.start(Map.of("zookeeper.observer.syncEnabled", "true")).awaitServing();
            populateAt(ours, "/fourth");
            assertThat(ours.journalBytes()).as("bytes in the log of %s", ours).isGreaterThan(logged);
            ours.kill9();
            ensemble.start(3, 4).awaitAllServing();
            Trees.assertEqual(ensemble, "the log is kept again");
        }
    }

    @Test
    void images_for_everybody_and_many_snapshots_lose_nothing_while_members_restart() throws Exception {
        try (EnsembleProcesses ensemble = EnsembleProcesses.in(directory)
                .participant(1, Kinds.subject())
                .participant(2, STOCK)
                .participant(3, Kinds.subject())
                .config("forceSnapshotSync", "true")
                .config("snapCount", "40")
                .config("autopurge.purgeInterval", "0")
                .build()) {
            ensemble.startAll();
            ensemble.awaitAllServing();
            try (SteadyLoad load = new SteadyLoad(ensemble.addresses(), 3)) {
                for (long id : new long[] {2, 3, 1}) {
                    EnsembleMember member = ensemble.member(id);
                    awaitWrites(ensemble, load, 45);
                    member.kill9();
                    ensemble.awaitAllServing();
                    awaitWrites(ensemble, load, 45);
                    member.start();
                    ensemble.awaitAllServing();
                    member.awaitLog(SyncKind.SNAP.line());
                }
                try (Client client = Client.to(ensemble.addresses())) {
                    SteadyLoad.Verdict verdict = load.verify(client.sync().raw());
                    assertThat(verdict.lost()).as("acknowledged writes lost").isZero();
                    assertThat(verdict.duplicated()).as("writes done twice").isZero();
                    assertThat(verdict.expired()).as("sessions expired").isZero();
                }
            }
            Trees.assertEqual(ensemble, "every member came back by an image");
        }
    }

    private static void awaitWrites(EnsembleProcesses ensemble, SteadyLoad load, int count) {
        int before = load.acknowledged();
        ensemble.await(count + " writes", () -> load.acknowledged() >= before + count);
    }

    private static void populateAt(EnsembleMember member, String root) throws Exception {
        try (Client client = Client.to(member)) {
            client.populate(root);
        }
    }
}
