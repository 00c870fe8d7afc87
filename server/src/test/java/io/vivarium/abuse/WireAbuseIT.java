/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.testkit.process.ServerDistribution;
import io.vivarium.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything a client should not do, against a server with little memory, while one good client works.
 *
 * <p>The good client must see every answer correct and no disconnect. Afterwards the server has let go of every bad
 * connection, by itself, and of the memory they cost. The seed is printed; {@code -Dabuse.seed=N} repeats it.
 */
class WireAbuseIT {
    private static final int STORM_CONNECTIONS = 10_000;
    private static final int SESSION_MILLIS = 2_000;
    private static final int MAX_FRAME = 0xfffff;
    private static final int BIG_BYTES = 900_000;
    private static final long MAX_LIVE_BYTES = 24L << 20;

    private final long seed = Long.getLong("abuse.seed", System.nanoTime());
    private final ExecutorService attackers = Executors.newFixedThreadPool(4);
    private final List<BadClient> leftOpen = Collections.synchronizedList(new ArrayList<>());
    private ServerProcess server;
    private ZooKeeper admin;
    private GoodClient good;

    @BeforeEach
    void a_small_server_with_something_big_in_it(@TempDir Path directory) throws Exception {
        System.out.println("WireAbuseIT seed " + seed);
        server = ServerProcess.of(ServerDistribution.ours(), directory)
                .jvmOptions("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .config("tickTime", "500")
                .config("maxClientCnxns", "0")
                .property("zookeeper.nio.sessionlessCnxnTimeout", "2000")
                .property("zookeeper.preAllocSize", "4096")
                .start();
        admin = RealClient.connect(server.clientPort());
        admin.create("/big", new byte[BIG_BYTES], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (int i = 0; i < 1000; i++) {
            admin.create(
                    "/big/" + "child".repeat(10) + i,
                    new byte[0],
                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT,
                    (rc, path, context, name) -> {},
                    null);
        }
        admin.getData("/big", false, null);
        good = GoodClient.start(server.clientPort());
    }

    @AfterEach
    void all_is_closed() throws Exception {
        attackers.shutdownNow();
        for (BadClient client : leftOpen) {
            client.close();
        }
        good.stop();
        admin.close(1000);
        server.close();
    }

    @Test
    void bad_bytes_bad_frames_and_hanging_clients_hurt_nobody_else() throws Exception {
        attack(
                random -> repeat(300, random, this::sendRandomBytes),
                random -> repeat(200, random, this::sendMutatedFrames),
                random -> repeat(40, random, this::leaveHalfFrame),
                random -> repeat(40, random, this::sendImpossibleLength),
                random -> repeat(8, random, this::sendHugeMulti),
                random -> repeat(60, random, this::sendNullsAndGiantCounts),
                this::sendSlowly);
        serverIsAsBefore();
    }

    @Test
    void ten_thousand_connections_come_and_go() throws Exception {
        int each = STORM_CONNECTIONS / 4;
        attack(
                random -> repeat(each, random, this::comeAndGo),
                random -> repeat(each, random, this::comeAndGo),
                random -> repeat(each, random, this::comeAndGo),
                random -> repeat(each, random, this::comeAndGo));
        serverIsAsBefore();
    }

    @Test
    void clients_that_never_read_their_answers_cost_only_themselves() throws Exception {
        attack(
                random -> repeat(6, random, this::askAndNeverRead),
                random -> repeat(6, random, this::askAndNeverRead),
                random -> repeat(4, random, this::askBetweenWritesAndNeverRead),
                random -> repeat(4, random, this::askOneGiantMultiReadAndNeverRead));
        serverIsAsBefore();
    }

    /** Five times the memory there is for buffers, were every answer kept. */
    @Test
    void many_clients_that_never_read_cannot_use_up_the_memory_of_all() throws Exception {
        attack(
                random -> repeat(20, random, this::askOneGiantMultiReadAndNeverRead),
                random -> repeat(20, random, this::askOneGiantMultiReadAndNeverRead),
                random -> repeat(20, random, this::askOneGiantMultiReadAndNeverRead),
                random -> repeat(20, random, this::askOneGiantMultiReadAndNeverRead));
        serverIsAsBefore();
        assertThat(Files.readString(server.logFile(), StandardCharsets.ISO_8859_1))
                .contains("all clients together do not take their answers");
    }

    @Test
    void a_patient_client_gets_every_one_of_many_big_answers_in_order() throws Exception {
        int count = 200;
        try (BadClient client = new BadClient(server.clientPort()).withSession(10_000)) {
            JuteWriter out = new JuteWriter(1024);
            for (int xid = 1; xid <= count; xid++) {
                if (xid == 20) {
                    BadClient.request(out, xid, OpCode.SET_DATA, new ClientRequest.SetData("/big/none", null, -1));
                } else {
                    BadClient.request(out, xid, OpCode.GET_DATA, new ClientRequest.Read("/big", false));
                }
            }
            assertThat(client.send(out.toByteArray())).isTrue();
            for (int xid = 1; xid <= count; xid++) {
                byte[] frame = client.read();
                assertThat(frame).as("answer " + xid).isNotNull();
                assertThat(ByteBuffer.wrap(frame).getInt()).isEqualTo(xid);
                assertThat(frame.length).isGreaterThan(xid == 20 ? 15 : BIG_BYTES);
            }
        }
        serverIsAsBefore();
    }

    // ---- The attacks --------------------------------------------------------------------------------------------

    private void sendRandomBytes(SplittableRandom random) throws IOException {
        byte[] bytes = new byte[1 + random.nextInt(4096)];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            // A length that passes, so that the bytes behind it are looked at.
            bytes = ByteBuffer.allocate(bytes.length + 4)
                    .putInt(bytes.length)
                    .put(bytes)
                    .array();
        }
        try (BadClient client = new BadClient(server.clientPort())) {
            client.send(bytes);
            if (random.nextInt(4) == 0) {
                client.halfClose();
            }
        }
    }

    private void sendMutatedFrames(SplittableRandom random) throws IOException {
        byte[] frames = goodFrames(random);
        boolean connectToo = random.nextInt(4) == 0;
        try (BadClient client = new BadClient(server.clientPort())) {
            byte[] connect = BadClient.connectFrame(SESSION_MILLIS);
            client.send(connectToo ? mutate(connect, random) : connect);
            client.send(mutate(frames, random));
            if (random.nextBoolean()) {
                client.reset();
            }
        }
    }

    private void leaveHalfFrame(SplittableRandom random) throws IOException {
        BadClient client = new BadClient(server.clientPort());
        leftOpen.add(client);
        if (random.nextBoolean()) {
            client.withSession(SESSION_MILLIS);
        }
        byte[] part = new byte[random.nextInt(50_000)];
        client.send(
                ByteBuffer.allocate(4 + part.length).putInt(60_000).put(part).array());
    }

    private void sendImpossibleLength(SplittableRandom random) throws IOException {
        int[] lengths = {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, MAX_FRAME + 1, MAX_FRAME, 0, 1};
        int length = lengths[random.nextInt(lengths.length)];
        try (BadClient client = new BadClient(server.clientPort())) {
            if (random.nextBoolean()) {
                client.withSession(SESSION_MILLIS);
            }
            client.send(ByteBuffer.allocate(4).putInt(length).array());
            if (length == MAX_FRAME) {
                byte[] body = new byte[MAX_FRAME];
                random.nextBytes(body);
                client.send(body);
            }
        }
    }

    private void sendHugeMulti(SplittableRandom random) throws IOException {
        int parts = 20_000 + random.nextInt(20_000);
        JuteWriter out = new JuteWriter(MAX_FRAME);
        int mark = out.beginFrame();
        out.writeInt(1);
        out.writeInt(random.nextBoolean() ? OpCode.MULTI : OpCode.MULTI_READ);
        int part = random.nextBoolean() ? OpCode.CHECK : OpCode.GET_CHILDREN;
        for (int i = 0; i < parts; i++) {
            out.writeInt(part);
            out.writeBool(false);
            out.writeInt(-1);
            out.writeString("/");
            if (part == OpCode.CHECK) {
                out.writeInt(-1);
            } else {
                out.writeBool(false);
            }
        }
        if (random.nextBoolean()) {
            out.writeInt(-1);
            out.writeBool(true);
            out.writeInt(-1);
        }
        out.endFrame(mark);
        try (BadClient client = new BadClient(server.clientPort()).withSession(SESSION_MILLIS)) {
            client.send(out.toByteArray());
            client.read();
        }
    }

    private void sendNullsAndGiantCounts(SplittableRandom random) throws IOException {
        int[] ops = {
            1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 100, 101, 102, 103, 104, 105, 106
        };
        JuteWriter out = new JuteWriter(256);
        int mark = out.beginFrame();
        out.writeInt(random.nextInt());
        out.writeInt(ops[random.nextInt(ops.length)]);
        int fields = random.nextInt(8);
        for (int i = 0; i < fields; i++) {
            switch (random.nextInt(4)) {
                case 0:
                    out.writeInt(-1);
                    break;
                case 1:
                    out.writeInt(Integer.MAX_VALUE);
                    break;
                case 2:
                    out.writeString("/");
                    break;
                default:
                    out.writeInt(random.nextInt());
                    break;
            }
        }
        out.endFrame(mark);
        try (BadClient client = new BadClient(server.clientPort()).withSession(SESSION_MILLIS)) {
            client.send(out.toByteArray());
            client.halfClose();
            client.read();
        }
    }

    /** Several connections that send a byte now and then until the server has had enough. */
    private void sendSlowly(SplittableRandom random) throws IOException {
        byte[] connect = BadClient.connectFrame(SESSION_MILLIS);
        List<BadClient> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(new BadClient(server.clientPort()));
        }
        for (int i = 0; i < connect.length - 1; i++) {
            for (BadClient client : clients) {
                client.send(new byte[] {connect[i]});
            }
            // The pace is the server's own: one report between two bytes.
            server.ask("ruok");
        }
        leftOpen.addAll(clients);
    }

    private void comeAndGo(SplittableRandom random) throws IOException {
        BadClient client = new BadClient(server.clientPort());
        switch (random.nextInt(16)) {
            case 0:
                client.send(BadClient.connectFrame(SESSION_MILLIS));
                client.close();
                break;
            case 1:
                client.send(BadClient.connectFrame(SESSION_MILLIS));
                client.reset();
                break;
            case 2:
                client.halfClose();
                client.close();
                break;
            default:
                client.reset();
                break;
        }
    }

    private void askAndNeverRead(SplittableRandom random) throws IOException {
        BadClient client = new BadClient(server.clientPort()).withSession(SESSION_MILLIS);
        leftOpen.add(client);
        JuteWriter out = new JuteWriter(64 * 1024);
        for (int i = 0; i < 1500; i++) {
            BadClient.request(
                    out,
                    i,
                    random.nextBoolean() ? OpCode.GET_DATA : OpCode.GET_CHILDREN,
                    new ClientRequest.Read("/big", random.nextBoolean()));
        }
        client.send(out.toByteArray());
    }

    private void askBetweenWritesAndNeverRead(SplittableRandom random) throws IOException {
        BadClient client = new BadClient(server.clientPort()).withSession(SESSION_MILLIS);
        leftOpen.add(client);
        JuteWriter out = new JuteWriter(64 * 1024);
        for (int i = 0; i < 1500; i++) {
            if (random.nextInt(20) == 0) {
                BadClient.request(out, i, OpCode.SET_DATA, new ClientRequest.SetData("/", new byte[1], -1));
            } else {
                BadClient.request(out, i, OpCode.GET_DATA, new ClientRequest.Read("/big", false));
            }
        }
        client.send(out.toByteArray());
    }

    private void askOneGiantMultiReadAndNeverRead(SplittableRandom random) throws IOException {
        BadClient client = new BadClient(server.clientPort()).withSession(SESSION_MILLIS);
        leftOpen.add(client);
        List<ClientRequest.Part> parts = Collections.nCopies(
                10_000, new ClientRequest.Part(OpCode.GET_DATA, new ClientRequest.Read("/big", false)));
        JuteWriter out = new JuteWriter(64 * 1024);
        if (random.nextBoolean()) {
            BadClient.request(out, 1, OpCode.SET_DATA, new ClientRequest.SetData("/", new byte[1], -1));
        }
        BadClient.request(out, 2, OpCode.MULTI_READ, new ClientRequest.Multi(parts));
        BadClient.request(out, 3, OpCode.SET_DATA, new ClientRequest.SetData("/", new byte[1], -1));
        client.send(out.toByteArray());
    }

    private static byte[] goodFrames(SplittableRandom random) {
        JuteWriter out = new JuteWriter(1024);
        for (int i = 0; i < 20; i++) {
            switch (random.nextInt(5)) {
                case 0:
                    BadClient.request(
                            out, i, OpCode.CREATE, new ClientRequest.Create("/x" + i, new byte[9], Acl.OPEN, 1));
                    break;
                case 1:
                    BadClient.request(out, i, OpCode.SET_DATA, new ClientRequest.SetData("/x" + i, new byte[9], -1));
                    break;
                case 2:
                    BadClient.request(out, i, OpCode.GET_DATA, new ClientRequest.Read("/x" + i, true));
                    break;
                case 3:
                    BadClient.request(out, i, OpCode.DELETE, new ClientRequest.Delete("/x" + i, -1));
                    break;
                default:
                    BadClient.request(out, i, OpCode.GET_CHILDREN, new ClientRequest.Read("/", true));
                    break;
            }
        }
        return out.toByteArray();
    }

    private static byte[] mutate(byte[] bytes, SplittableRandom random) {
        byte[] changed = bytes.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && changed.length > 1; i++) {
            int at = random.nextInt(changed.length);
            switch (random.nextInt(3)) {
                case 0:
                    changed[at] ^= (byte) (1 << random.nextInt(8));
                    break;
                case 1:
                    changed = Arrays.copyOf(changed, at + 1);
                    break;
                default:
                    byte[] longer = Arrays.copyOf(changed, changed.length + 1);
                    System.arraycopy(changed, at, longer, at + 1, changed.length - at);
                    longer[at] = (byte) random.nextInt();
                    changed = longer;
                    break;
            }
        }
        return changed;
    }

    // ---- Running and judging ------------------------------------------------------------------------------------

    private interface Attack {
        void run(SplittableRandom random) throws Exception;
    }

    private static void repeat(int times, SplittableRandom random, Attack attack) throws Exception {
        for (int i = 0; i < times; i++) {
            attack.run(random);
        }
    }

    private void attack(Attack... attacks) throws Exception {
        SplittableRandom seeds = new SplittableRandom(seed);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (Attack attack : attacks) {
            SplittableRandom own = seeds.split();
            tasks.add(() -> {
                attack.run(own);
                return null;
            });
        }
        for (Future<Void> done : attackers.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
            assertThat(done)
                    .as(() -> "an attack, seed " + seed + ", " + server.logTail())
                    .succeedsWithin(Duration.ZERO);
        }
    }

    /** The good client was served well, the bad ones are gone though they keep their end open, and so is their memory. */
    private void serverIsAsBefore() throws Exception {
        Awaitility.await("the server lets go of bad connections, seed " + seed)
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(200))
                // admin, the good client, and the one that asks
                .untilAsserted(() -> assertThat(server.ask("srvr")).contains("Connections: 3\n", "Outstanding: "));
        good.assertServedWell(seed);
        assertThat(admin.getData("/big", false, null)).hasSize(BIG_BYTES);
        assertThat(liveBytes()).as("bytes of live objects, seed %d", seed).isLessThan(MAX_LIVE_BYTES);
        assertThat(Files.readAllLines(server.logFile(), StandardCharsets.ISO_8859_1))
                .as("log, seed %d", seed)
                .noneMatch(line -> line.contains("ERROR") || line.contains("OutOfMemory"));
    }

    /** Live objects of the server after a full collection, by the total of its class histogram. */
    private long liveBytes() throws IOException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(server.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        String total = text.lines()
                .filter(line -> line.startsWith("Total"))
                .findFirst()
                .orElseThrow(() -> new IOException("no total in: " + text));
        return Long.parseLong(total.trim().split("\\s+", 0)[2]);
    }
}
