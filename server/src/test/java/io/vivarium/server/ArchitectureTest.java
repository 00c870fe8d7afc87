/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.vivarium.persistence.tool.SnapshotDump;
import io.vivarium.persistence.tool.TxnLogDump;
import io.vivarium.server.admin.HostFacts;
import io.vivarium.server.tool.FourLetterClient;
import io.vivarium.server.tool.PurgeTxnLog;
import io.vivarium.server.tool.VersionLine;
import io.vivarium.server.tree.TreeLoader;
import io.vivarium.server.tree.TreeView;
import io.vivarium.server.tree.TxnApplier;
import io.vivarium.server.tree.ZnodeTree;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What the code may know of what; each rule says why, an exception stands here by name with its reason. */
class ArchitectureTest {
    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // What other modules share with our tests comes as a jar once they are packaged.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.vivarium");

    private static final String PROTOCOL = "io.vivarium.protocol..";
    private static final String PERSISTENCE = "io.vivarium.persistence..";
    private static final String ELECTION = "io.vivarium.election..";
    private static final String SERVER = "io.vivarium.server..";
    private static final String TESTKIT = "io.vivarium.testkit..";
    /** Annotations of nullness; they leave nothing behind that runs. */
    private static final String JSPECIFY = "org.jspecify..";

    private static final DescribedPredicate<JavaClass> PURE = resideInAnyPackage(
                    "io.vivarium.election.core..",
                    "io.vivarium.server.quorum",
                    "io.vivarium.server.quorum.zab..",
                    "io.vivarium.server.tree..",
                    "io.vivarium.server.session..")
            .as("pure logic");

    // ---- Modules ----------------------------------------------------------------------------------------------

    @Test
    void protocolKnowsTheJdkOnly() {
        classes()
                .that()
                .resideInAPackage(PROTOCOL)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(PROTOCOL, "java..", JSPECIFY))
                .because("tools and tests of any kind speak the wire and disk formats; "
                        + "what needs a library belongs to the module that uses it")
                .check(PRODUCTION);
    }

    @Test
    void persistenceKnowsProtocol() {
        noClasses()
                .that()
                .resideInAPackage(PERSISTENCE)
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.vivarium..").and(not(resideInAnyPackage(PERSISTENCE, PROTOCOL))))
                .because("files know records, not trees; the tree implements the ports that persistence declares")
                .check(PRODUCTION);
    }

    @Test
    void electionKnowsProtocol() {
        noClasses()
                .that()
                .resideInAPackage(ELECTION)
                .should()
                .dependOnClassesThat(resideInAPackage("io.vivarium..").and(not(resideInAnyPackage(ELECTION, PROTOCOL))))
                .because("an election needs votes and an ensemble; what else it needs to know it is told by its config")
                .check(PRODUCTION);
    }

    @Test
    void productionKnowsNoTestkit() {
        noClasses()
                .that(resideInAnyPackage(PROTOCOL, PERSISTENCE, ELECTION, SERVER))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(TESTKIT)
                .because("simulated time, networks and disks never run in production; move what both need to a core")
                .check(PRODUCTION);
    }

    @Test
    void productionKnowsNoStockCode() {
        noClasses()
                .that(resideInAPackage("io.vivarium..").and(not(resideInAPackage(TESTKIT))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.zookeeper..")
                .because("stock is what we are compared with, in tests; the formats are in protocol")
                .check(PRODUCTION);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.vivarium.(**)")
                .should()
                .beFreeOfCycles()
                .because("whoever reads a package must be able to read what it needs first; "
                        + "declare a port in the lower package and implement it in the higher")
                .check(PRODUCTION);
    }

    // ---- Purity -----------------------------------------------------------------------------------------------

    /** A snapshot is written by whoever asks the tree for its nodes, and that may fail: the port says so. */
    private static final DescribedPredicate<JavaClass> IO_FAILURE_OF_SNAPSHOT_PORTS = equivalentTo(IOException.class);

    @Test
    void pureLogicKnowsNoWorld() {
        noClasses()
                .that(PURE)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "io.netty..", "java.util.concurrent..", "java.io..", "java.nio.file..", "java.net..")
                        .or(belongToAnyOf(Thread.class, ThreadLocal.class))
                        .and(not(IO_FAILURE_OF_SNAPSHOT_PORTS)))
                .because("logic is a value that a test can hold, step and compare; "
                        + "take events in, give actions out, and let an effects port do the rest")
                .check(PRODUCTION);
    }

    @Test
    void thePipelineHasNoSocketsOrFiles() {
        noClasses()
                .that()
                .resideInAPackage("io.vivarium.server.pipeline..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.netty..", "java.io..", "java.nio.file..", "java.net.."))
                .because("a whole replica runs in a simulation; clients are ClientLinks and the log is a Proposer")
                .check(PRODUCTION);
    }

    @Test
    void connectionsReadThroughReadService() {
        noClasses()
                .that()
                .resideInAPackage("io.vivarium.server.client..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vivarium.server.tree..")
                .because("value, watch and zxid of an answer are of one moment only inside ReadService")
                .check(PRODUCTION);
    }

    /**
     * The edge: main classes of processes, and one report. QuorumPeerMain makes the real clocks and dice; the tools are
     * processes of their own; HostFacts tells the admin what the machine is like, once at start-up.
     */
    private static final DescribedPredicate<JavaClass> EDGE = belongToAnyOf(
                    QuorumPeerMain.class,
                    HostFacts.class,
                    FourLetterClient.class,
                    PurgeTxnLog.class,
                    VersionLine.class,
                    SnapshotDump.class,
                    TxnLogDump.class)
            .as("the edge");

    /** Methods that ask or change the world, by owner; an empty set means each of its methods. */
    private static final Map<Class<?>, Set<String>> WORLD = Map.ofEntries(
            Map.entry(
                    System.class,
                    Set.of(
                            "nanoTime",
                            "currentTimeMillis",
                            "getProperty",
                            "getProperties",
                            "setProperty",
                            "clearProperty",
                            "getenv",
                            "exit",
                            "in",
                            "out",
                            "err")),
            Map.entry(Runtime.class, Set.of("exit", "halt")),
            Map.entry(Thread.class, Set.of("sleep")),
            Map.entry(Instant.class, Set.of("now")),
            Map.entry(java.time.LocalDateTime.class, Set.of("now")),
            Map.entry(java.time.ZonedDateTime.class, Set.of("now")),
            Map.entry(Clock.class, Set.of("systemUTC", "systemDefaultZone", "system", "tickMillis")),
            Map.entry(InstantSource.class, Set.of("system")),
            Map.entry(Integer.class, Set.of("getInteger")),
            Map.entry(Long.class, Set.of("getLong")),
            Map.entry(Boolean.class, Set.of("getBoolean")),
            Map.entry(Math.class, Set.of("random")),
            Map.entry(UUID.class, Set.of("randomUUID")),
            Map.entry(Random.class, Set.of()),
            Map.entry(SplittableRandom.class, Set.of()),
            Map.entry(java.security.SecureRandom.class, Set.of()),
            Map.entry(java.util.concurrent.ThreadLocalRandom.class, Set.of()),
            Map.entry(RandomGenerator.class, Set.of("of", "getDefault")));

    private static final ArchRule ONLY_THE_EDGE_ASKS_THE_WORLD = noClasses()
            .that(not(EDGE).and(not(resideInAPackage(TESTKIT))))
            .should()
            .accessTargetWhere(describe("clock, dice, environment or sleep", ArchitectureTest::asksTheWorld))
            .because("what was not handed in cannot be repeated; take nanoClock, wallClock or a RandomGenerator by the "
                    + "constructor and settings from ServerConfig");

    @Test
    void onlyTheEdgeReadsClocksDiceAndEnvironment() {
        ONLY_THE_EDGE_ASKS_THE_WORLD.check(PRODUCTION);
    }

    private static boolean asksTheWorld(JavaAccess<?> access) {
        return WORLD.entrySet().stream()
                .anyMatch(entry -> access.getTargetOwner().isEquivalentTo(entry.getKey())
                        && (entry.getValue().isEmpty() || entry.getValue().contains(access.getName())));
    }

    // ---- The tree ---------------------------------------------------------------------------------------------

    private static final Set<String> READS_BEYOND_TREE_VIEW =
            Set.of("sizeOf", "descendantsOf", "keepsDigest", "root", "<init>");

    /** QuotaAccounts rewrites usage counts right after the change it follows, within the apply (spec persistence 3.6). */
    private static final DescribedPredicate<JavaClass> WRITERS = belongToAnyOf(
                    TxnApplier.class, TreeLoader.class, ZnodeTree.class)
            .or(describe("QuotaAccounts", c -> c.getFullName().equals("io.vivarium.server.tree.QuotaAccounts")));

    @Test
    void onlyTransactionsChangeTheTree() {
        noClasses()
                .that(not(WRITERS))
                .should()
                .accessTargetWhere(describe("a mutator of ZnodeTree", ArchitectureTest::changesTheTree))
                .because("each server comes to the same tree by the same transactions; make a transaction of it")
                .check(PRODUCTION);
    }

    /** Whatever the read side does not declare counts as a mutator until it is named as a read above. */
    private static boolean changesTheTree(JavaAccess<?> access) {
        return access.getTargetOwner().isEquivalentTo(ZnodeTree.class)
                && !READS_BEYOND_TREE_VIEW.contains(access.getName())
                && Arrays.stream(TreeView.class.getMethods())
                        .noneMatch(method -> method.getName().equals(access.getName()));
    }

    // ---- The rules themselves ---------------------------------------------------------------------------------

    /** Breaks the rule of the world in each way there is: a call, a reference, a constructor, a field. */
    @SuppressWarnings("unused")
    private static final class Offender {
        private final java.util.function.LongSupplier clock = System::nanoTime;
        private final Random dice = new Random(1);

        void offend() {
            System.out.println(System.getProperty("user.name"));
        }
    }

    @Test
    void theRuleOfTheWorldSeesCallsReferencesConstructorsAndFields() {
        JavaClasses offender = new ClassFileImporter().importClasses(Offender.class);
        assertThat(ONLY_THE_EDGE_ASKS_THE_WORLD
                        .evaluate(offender)
                        .getFailureReport()
                        .getDetails())
                .anyMatch(line -> line.contains("nanoTime"))
                .anyMatch(line -> line.contains("Random.<init>"))
                .anyMatch(line -> line.contains("getProperty"))
                .anyMatch(line -> line.contains("System.out"));
    }
}
