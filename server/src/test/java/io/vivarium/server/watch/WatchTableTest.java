/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import static io.vivarium.protocol.client.WatchEvent.NODE_CHILDREN_CHANGED;
import static io.vivarium.protocol.client.WatchEvent.NODE_CREATED;
import static io.vivarium.protocol.client.WatchEvent.NODE_DATA_CHANGED;
import static io.vivarium.protocol.client.WatchEvent.NODE_DELETED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One test per sentence of spec client-protocol 8.1, 8.2, 8.7 and the traps 13 to 17. */
class WatchTableTest {
    private final WatchTable table = new WatchTable();
    private final Watcher ann = new TestWatcher("ann");
    private final Watcher bob = new TestWatcher("bob");
    private final List<String> events = new ArrayList<>();
    private final WatchMatches matches = (watcher, type, path) -> events.add(watcher + " " + type + " " + path);

    @Test
    void createFiresTheDataWatchOfTheNode() {
        table.watchData("/a", ann);
        table.nodeCreated("/a", matches);
        assertThat(events).containsExactly("ann " + NODE_CREATED + " /a");
    }

    @Test
    void createFiresTheChildWatchOfTheParent() {
        table.watchChildren("/a", ann);
        table.nodeCreated("/a/b", matches);
        assertThat(events).containsExactly("ann " + NODE_CHILDREN_CHANGED + " /a");
    }

    @Test
    void theParentOfATopLevelNodeIsTheRoot() {
        table.watchChildren("/", ann);
        table.nodeCreated("/a", matches);
        assertThat(events).containsExactly("ann " + NODE_CHILDREN_CHANGED + " /");
    }

    @Test
    void createLeavesAChildWatchOfTheNodeItselfAlone() {
        table.watchChildren("/a", ann);
        table.nodeCreated("/a", matches);
        assertThat(events).isEmpty();
        assertThat(table.contains("/a", WatcherType.CHILDREN, ann)).isTrue();
    }

    @Test
    void deleteFiresTheDataWatchThenTheChildWatchOfTheParent() {
        table.watchChildren("/a", ann);
        table.watchData("/a/b", ann);
        table.nodeDeleted("/a/b", matches);
        assertThat(events).containsExactly("ann " + NODE_DELETED + " /a/b", "ann " + NODE_CHILDREN_CHANGED + " /a");
    }

    @Test
    void deleteFiresTheChildWatchOfTheNodeAsNodeDeleted() {
        table.watchChildren("/a", ann);
        table.nodeDeleted("/a", matches);
        assertThat(events).containsExactly("ann " + NODE_DELETED + " /a");
    }

    @Test
    void deleteIsToldOnceToWhomWatchesDataAndChildren() {
        table.watchChildren("/a", ann);
        table.watchData("/a", ann);
        table.nodeDeleted("/a", matches);
        assertThat(events).containsExactly("ann " + NODE_DELETED + " /a");
        assertThat(table.size()).isZero();
    }

    @Test
    void setDataFiresTheDataWatchAndNoChildWatch() {
        table.watchData("/a/b", ann);
        table.watchChildren("/a/b", ann);
        table.watchChildren("/a", ann);
        table.nodeDataChanged("/a/b", matches);
        assertThat(events).containsExactly("ann " + NODE_DATA_CHANGED + " /a/b");
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void aStandardWatchFiresOnce() {
        table.watchData("/a", ann);
        table.nodeDataChanged("/a", matches);
        table.nodeDataChanged("/a", matches);
        assertThat(events).hasSize(1);
    }

    @Test
    void settingAgainIsIdempotent() {
        table.watchData("/a", ann);
        table.watchData("/a", ann);
        assertThat(table.size()).isOne();
        table.nodeDataChanged("/a", matches);
        assertThat(events).hasSize(1);
    }

    @Test
    void everyWatcherOfAPathIsTold() {
        table.watchData("/a", ann);
        table.watchData("/a", bob);
        table.nodeDataChanged("/a", matches);
        assertThat(events).containsExactlyInAnyOrder("ann 3 /a", "bob 3 /a");
        assertThat(table.size()).isZero();
    }

    @Test
    void aPersistentWatchStaysThroughDeletionAndFiresOnRecreation() {
        table.watchPersistently("/a", WatchMode.PERSISTENT, ann);
        table.nodeDataChanged("/a", matches);
        table.nodeDeleted("/a", matches);
        table.nodeCreated("/a", matches);
        table.nodeCreated("/a/b", matches);
        assertThat(events).containsExactly("ann 3 /a", "ann 2 /a", "ann 1 /a", "ann 4 /a");
    }

    @Test
    void aRecursiveWatchHearsOfEverythingBelowButNeverOfChildrenChanged() {
        table.watchPersistently("/a", WatchMode.PERSISTENT_RECURSIVE, ann);
        table.nodeCreated("/a", matches);
        table.nodeCreated("/a/b", matches);
        table.nodeCreated("/a/b/c", matches);
        table.nodeDataChanged("/a/b/c", matches);
        table.nodeDeleted("/a/b/c", matches);
        table.nodeCreated("/ab", matches);
        assertThat(events).containsExactly("ann 1 /a", "ann 1 /a/b", "ann 1 /a/b/c", "ann 3 /a/b/c", "ann 2 /a/b/c");
    }

    @Test
    void aRecursiveWatchOnTheRootHearsOfAll() {
        table.watchPersistently("/", WatchMode.PERSISTENT_RECURSIVE, ann);
        table.nodeCreated("/a", matches);
        table.nodeDataChanged("/", matches);
        assertThat(events).containsExactly("ann 1 /a", "ann 3 /");
    }

    @Test
    void oneTriggerSendsOneEventPerWatcherHoweverManyWatchesMatch() {
        table.watchData("/a/b", ann);
        table.watchPersistently("/a/b", WatchMode.PERSISTENT, ann);
        table.watchPersistently("/a/b", WatchMode.PERSISTENT_RECURSIVE, ann);
        table.watchPersistently("/a", WatchMode.PERSISTENT_RECURSIVE, ann);
        table.watchPersistently("/", WatchMode.PERSISTENT_RECURSIVE, ann);
        table.nodeDataChanged("/a/b", matches);
        assertThat(events).containsExactly("ann 3 /a/b");
    }

    @Test
    void twoRecursiveWatchesAboveAreOneEvent() {
        table.watchPersistently("/a", WatchMode.PERSISTENT_RECURSIVE, ann);
        table.watchPersistently("/", WatchMode.PERSISTENT_RECURSIVE, ann);
        table.watchPersistently("/", WatchMode.PERSISTENT_RECURSIVE, bob);
        table.nodeDataChanged("/a/b", matches);
        assertThat(events).containsExactlyInAnyOrder("ann 3 /a/b", "bob 3 /a/b");
    }

    @Test
    void theRecursiveEventComesBeforeTheChildrenOfTheParent() {
        table.watchPersistently("/a", WatchMode.PERSISTENT_RECURSIVE, ann);
        table.watchChildren("/a", ann);
        table.nodeCreated("/a/b", matches);
        assertThat(events).containsExactly("ann 1 /a/b", "ann 4 /a");
    }

    @Test
    void firingTakesOnlyTheStandardModeAway() {
        table.watchData("/a", ann);
        table.watchPersistently("/a", WatchMode.PERSISTENT, ann);
        table.nodeDataChanged("/a", matches);
        assertThat(table.contains("/a", WatcherType.DATA, ann)).isFalse();
        assertThat(table.contains("/a", WatcherType.PERSISTENT, ann)).isTrue();
    }

    @Test
    void aOneShotWatchIsSpentEvenIfTheCallerDoesNotDeliver() {
        table.watchData("/a", ann);
        table.nodeCreated("/a", (watcher, type, path) -> {});
        assertThat(table.size()).isZero();
    }

    @Test
    void removeTypeChildrenTakesTheStandardChildWatchOnly() {
        watchInEveryWay();
        assertThat(table.remove("/a", WatcherType.CHILDREN, ann)).isTrue();
        assertThat(typesOfAnn())
                .containsExactly(
                        WatcherType.DATA, WatcherType.ANY, WatcherType.PERSISTENT, WatcherType.PERSISTENT_RECURSIVE);
    }

    @Test
    void removeTypeDataTakesTheStandardDataWatchOnly() {
        watchInEveryWay();
        assertThat(table.remove("/a", WatcherType.DATA, ann)).isTrue();
        assertThat(typesOfAnn())
                .containsExactly(
                        WatcherType.CHILDREN,
                        WatcherType.ANY,
                        WatcherType.PERSISTENT,
                        WatcherType.PERSISTENT_RECURSIVE);
    }

    @Test
    void removeTypePersistentTakesThePersistentWatchFromBothTables() {
        table.watchPersistently("/a", WatchMode.PERSISTENT, ann);
        assertThat(table.remove("/a", WatcherType.PERSISTENT, ann)).isTrue();
        assertThat(table.size()).isZero();
    }

    @Test
    void removeTypePersistentRecursiveLeavesAPersistentWatch() {
        watchInEveryWay();
        assertThat(table.remove("/a", WatcherType.PERSISTENT_RECURSIVE, ann)).isTrue();
        assertThat(typesOfAnn())
                .containsExactly(WatcherType.CHILDREN, WatcherType.DATA, WatcherType.ANY, WatcherType.PERSISTENT);
    }

    @Test
    void removeTypeAnyTakesEverything() {
        watchInEveryWay();
        assertThat(table.remove("/a", WatcherType.ANY, ann)).isTrue();
        assertThat(table.size()).isZero();
    }

    @Test
    void removeOfNothingIsNoWatcher() {
        table.watchData("/a", ann);
        assertThat(table.remove("/a", WatcherType.CHILDREN, ann)).isFalse();
        assertThat(table.remove("/a", WatcherType.ANY, bob)).isFalse();
        assertThat(table.remove("/b", WatcherType.ANY, ann)).isFalse();
        assertThat(table.size()).isOne();
    }

    @Test
    void recursiveRegistrationsAreNotSearchedUpward() {
        table.watchPersistently("/a", WatchMode.PERSISTENT_RECURSIVE, ann);
        assertThat(table.contains("/a/b", WatcherType.ANY, ann)).isFalse();
        assertThat(table.contains("/a/b", WatcherType.PERSISTENT_RECURSIVE, ann))
                .isFalse();
    }

    @Test
    void aClosedConnectionIsForgottenAndNobodyElse() {
        for (int i = 0; i < 1000; i++) {
            table.watchData("/n" + i, ann);
            table.watchChildren("/n" + i, bob);
        }
        table.removeAll(ann);
        table.removeAll(ann);
        assertThat(table.size()).isEqualTo(1000);
        assertThat(table.contains("/n7", WatcherType.ANY, ann)).isFalse();
        table.nodeDeleted("/n7", matches);
        assertThat(events).containsExactly("bob 2 /n7");
    }

    @Test
    void watchersAreToldApartByIdentity() {
        Watcher twin = new TestWatcher("ann");
        table.watchData("/a", ann);
        assertThat(table.contains("/a", WatcherType.DATA, twin)).isFalse();
    }

    @Test
    void summaryAndListingsShowTheDataTable() {
        table.watchData("/x", ann);
        table.watchChildren("/y", ann);
        table.watchPersistently("/z", WatchMode.PERSISTENT, bob);
        assertThat(table.counts()).isEqualTo(new WatchCounts(2, 2, 2));
        assertThat(table.size()).isEqualTo(4);
        List<String> listed = new ArrayList<>();
        table.forEachDataWatch((path, watcher) -> listed.add(path + " " + watcher));
        assertThat(listed).containsExactlyInAnyOrder("/x ann", "/z bob");
    }

    @Test
    void standardIsNoModeOfAddWatch() {
        assertThat(WatchMode.ofAddWatch(0)).isEqualTo(WatchMode.PERSISTENT);
        assertThat(WatchMode.ofAddWatch(1)).isEqualTo(WatchMode.PERSISTENT_RECURSIVE);
        assertThat(WatchMode.ofAddWatch(2)).isNull();
        assertThat(WatchMode.ofAddWatch(-1)).isNull();
        assertThatThrownBy(() -> table.watchPersistently("/a", WatchMode.STANDARD, ann))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void watcherTypesAreOneToFive() {
        for (WatcherType type : WatcherType.values()) {
            assertThat(WatcherType.of(type.code())).isEqualTo(type);
        }
        assertThat(WatcherType.of(0)).isNull();
        assertThat(WatcherType.of(6)).isNull();
    }

    private void watchInEveryWay() {
        table.watchData("/a", ann);
        table.watchChildren("/a", ann);
        table.watchPersistently("/a", WatchMode.PERSISTENT, ann);
        table.watchPersistently("/a", WatchMode.PERSISTENT_RECURSIVE, ann);
    }

    private List<WatcherType> typesOfAnn() {
        return List.of(WatcherType.values()).stream()
                .filter(type -> table.contains("/a", type, ann))
                .toList();
    }
}
