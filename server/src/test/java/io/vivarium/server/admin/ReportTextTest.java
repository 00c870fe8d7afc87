/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.server.client.ConnectionView;
import io.vivarium.server.session.ExpiryBucket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The text of reports, letter by letter (samples of spec operations 3.3). */
class ReportTextTest {
    @TempDir
    private Path dataDir;

    private static ConnectionView client(long lastCxid) throws Exception {
        return new ConnectionView(
                peer(49604),
                ConnectionView.INTEREST_READ,
                0,
                9,
                9,
                30_000,
                4_000_000_000L,
                new ConnectionView.SessionUse(
                        0x100000b07820000L, "GETC", 1_795_224_782_164L, lastCxid, 5, 756_846, 1, 0, 3, 12));
    }

    private static ConnectionView asker() throws Exception {
        return new ConnectionView(peer(55860), 0, 0, 1, 0, 0, 5_000_000_000L, null);
    }

    private static InetSocketAddress peer(int port) throws Exception {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    @Test
    void consTellsTheUseOfSessionsAndEndsWithAnEmptyLine() throws Exception {
        assertThat(ConnectionReport.cons(List.of(client(8), asker())))
                .isEqualTo(" /127.0.0.1:49604[1](queued=0,recved=9,sent=9,sid=0x100000b07820000,lop=GETC,"
                        + "est=1795224782164,to=30000,lcxid=0x8,lzxid=0x5,lresp=756846,llat=1,minlat=0,avglat=3,"
                        + "maxlat=12)\n"
                        + " /127.0.0.1:55860[0](queued=0,recved=1,sent=0)\n\n");
    }

    @Test
    void consLeavesOutARequestIdThatThereNeverWas() throws Exception {
        assertThat(ConnectionReport.cons(List.of(client(-1)))).contains(",to=30000,lzxid=0x5,");
    }

    @Test
    void dumpShowsSessionsEphemeralsAndConnectionsByTheirEnd() throws Exception {
        assertThat(dump(SessionReport.Form.of(false, false))).isEqualTo("""
                        SessionTracker dump:
                        Session Sets (1)/(1):
                        1 expire at Sat Nov 21 01:33:33 Z 2026:
                        \t0x100000b07820000
                        ephemeral nodes dump:
                        Sessions with Ephemerals (1):
                        0x100000b07820000:
                        \t/a/e1
                        Connections dump:
                        Connections Sets (2)/(2):
                        1 expire at Sat Nov 21 01:33:17 Z 2026:
                        \tip: /127.0.0.1:55860 sessionId: 0x0
                        1 expire at Sat Nov 21 01:33:37 Z 2026:
                        \tip: /127.0.0.1:49604 sessionId: 0x100000b07820000
                        """);
    }

    @Test
    void dumpOfALearnerListsTheSessionsThatItsLeaderCountsDown() throws Exception {
        assertThat(dump(SessionReport.Form.of(true, false))).startsWith("""
                        SessionTracker dump:
                        Global Sessions(1):
                        0x100000b07820000\t30000ms
                        ephemeral nodes dump:
                        """);
    }

    @Test
    void dumpShowsSessionsOfOneServerInFront() throws Exception {
        String local = """
                        SessionTracker dump:
                        Local Session Sets (1)/(1):
                        1 expire at Sat Nov 21 01:33:33 Z 2026:
                        \t0x100000b07820001
                        """;
        assertThat(dump(SessionReport.Form.of(true, true))).startsWith(local + "Global Sessions(1):\n");
        assertThat(dump(SessionReport.Form.of(false, true))).startsWith(local + "Global Session Sets (1)/(1):\n");
    }

    private static String dump(SessionReport.Form form) throws Exception {
        return new SessionReport(
                        new SessionFacts(
                                List.of(new ExpiryBucket(36_000, List.of(0x100000b07820001L))),
                                List.of(new ExpiryBucket(36_000, List.of(0x100000b07820000L))),
                                new TreeMap<>(Map.of(0x100000b07820000L, 30_000))),
                        form,
                        Map.of(0x100000b07820000L, List.of("/a/e1")),
                        List.of(client(8), asker()),
                        5_000_000_000L,
                        1_795_224_782_000L,
                        ZoneOffset.UTC,
                        10_000)
                .dump();
    }

    @Test
    void enviListsItsKeysInOrderAndSaysWhatIsNotKnown() {
        assertThat(EnvironmentReport.envi("v", AdminFixture.HOST)).isEqualTo("""
                        Environment:
                        zookeeper.version=v
                        host.name=box
                        java.version=17.0.1
                        java.vendor=<NA>
                        java.home=<NA>
                        java.class.path=<NA>
                        java.library.path=<NA>
                        java.io.tmpdir=<NA>
                        java.compiler=<NA>
                        os.name=<NA>
                        os.arch=<NA>
                        os.version=<NA>
                        user.name=<NA>
                        user.home=<NA>
                        user.dir=/srv
                        os.memory.free=240MB
                        os.memory.max=512MB
                        os.memory.total=256MB
                        """);
    }

    @Test
    void confOfAServerOnItsOwnHasTwelveLines() {
        assertThat(ConfigReport.conf(AdminFixture.config(dataDir), 2181, new DirectorySizes(10, 20)))
                .isEqualTo("""
                        clientPort=2181
                        secureClientPort=-1
                        dataDir=DIR/version-2
                        dataDirSize=10
                        dataLogDir=DIR/version-2
                        dataLogSize=20
                        tickTime=2000
                        maxClientCnxns=60
                        minSessionTimeout=4000
                        maxSessionTimeout=40000
                        clientPortListenBacklog=-1
                        serverId=0
                        """.replace("DIR", dataDir.toString()));
    }

    @Test
    void confOfAMemberEndsWithTheMembershipAndNoLineBreak() throws Exception {
        Files.writeString(dataDir.resolve("myid"), "1");
        String conf = ConfigReport.conf(
                AdminFixture.config(
                        dataDir,
                        "initLimit=10",
                        "syncLimit=5",
                        "server.1=zoo1:2888:3888",
                        "server.2=zoo2:2888:3888",
                        "server.3=zoo3:2888:3888",
                        "server.4=zoo4:2888:3888:observer"),
                2181,
                new DirectorySizes(0, 0));
        assertThat(conf.substring(conf.indexOf("serverId"))).isEqualTo("""
                        serverId=1
                        initLimit=10
                        syncLimit=5
                        electionAlg=3
                        electionPort=3888
                        quorumPort=2888
                        peerType=0
                        membership:\s
                        server.1=zoo1:2888:3888:participant
                        server.2=zoo2:2888:3888:participant
                        server.3=zoo3:2888:3888:participant
                        server.4=zoo4:2888:3888:observer
                        version=0""");
    }

    @Test
    void decimalsAreOneToFourAndNeverAnExponent() {
        assertThat(ServerReport.decimal(0)).isEqualTo("0.0");
        assertThat(ServerReport.decimal(3.555_56)).isEqualTo("3.5556");
        assertThat(ServerReport.decimal(0.000_2)).isEqualTo("0.0002");
        assertThat(ServerReport.decimal(0.000_01)).isEqualTo("0.0");
        assertThat(ServerReport.decimal(12_345_678.5)).isEqualTo("12345678.5");
        assertThat(ServerReport.decimal(100)).isEqualTo("100.0");
    }
}
