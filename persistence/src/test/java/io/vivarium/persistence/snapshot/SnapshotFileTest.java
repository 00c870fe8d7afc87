/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.persistence.model.NaiveTree;
import io.vivarium.persistence.model.SimDisk;
import io.vivarium.persistence.model.Txns;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.txn.LoggedTxn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SnapshotFileTest {
    private static final Path DIR = Path.of("/data/version-2");
    private static final int LIMIT = 2 << 20;

    private final SimDisk disk = new SimDisk();

    @BeforeEach
    void makeDirectory() {
        disk.createDirectories(DIR);
    }

    private static NaiveTree tree(long seed, int txns) {
        NaiveTree tree = new NaiveTree();
        Txns generator = new Txns(new SplittableRandom(seed));
        for (long zxid = 1; zxid <= txns; zxid++) {
            generator.next(tree, zxid);
        }
        return tree;
    }

    private SnapshotFile write(NaiveTree tree, SnapshotConfig config) throws IOException {
        SnapshotWriter.Written written = new SnapshotWriter(disk, DIR, config).write(tree);
        return new SnapshotFile(written.file(), written.zxid(), config.compression());
    }

    private SnapshotReader.Contents read(SnapshotFile file, NaiveTree into) throws IOException {
        into.clear();
        return new SnapshotReader(disk, LIMIT, LoadProgress.SILENT).read(file, into);
    }

    private static SnapshotConfig config(SnapshotCompression compression) {
        return new SnapshotConfig(compression, SnapshotConfig.Part.WRITTEN, SnapshotConfig.Part.WRITTEN);
    }

    @ParameterizedTest
    @EnumSource(SnapshotCompression.class)
    void a_tree_comes_back_as_it_was(SnapshotCompression compression) throws IOException {
        for (int seed = 0; seed < 10; seed++) {
            NaiveTree tree = tree(seed, seed * 60);
            SnapshotFile file = write(tree, config(compression));
            assertThat(file.path().getFileName().toString())
                    .isEqualTo("snapshot." + Long.toHexString(tree.zxid()) + compression.suffix());
            assertThat(file.isPlausible(disk)).isTrue();
            assertThat(SnapshotFile.list(disk, DIR)).contains(file);
            NaiveTree loaded = new NaiveTree();
            SnapshotReader.Contents contents = read(file, loaded);
            assertThat(loaded.describe()).as("seed %d", seed).isEqualTo(tree.describe());
            assertThat(loaded.digestMismatches()).isEmpty();
            assertThat(contents.nodes()).isEqualTo(tree.nodes().size());
            assertThat(contents.lastZxid()).isEqualTo(tree.zxid());
            assertThat(contents.digest()).isEqualTo(tree.treeDigest());
        }
    }

    @Test
    void the_tail_has_the_parts_that_are_asked_for_but_never_a_lone_last_zxid() throws IOException {
        NaiveTree tree = tree(1, 50);
        SnapshotConfig.Part on = SnapshotConfig.Part.WRITTEN;
        SnapshotConfig.Part off = SnapshotConfig.Part.LEFT_OUT;
        long none = disk.size(write(tree, new SnapshotConfig(SnapshotCompression.NONE, off, off))
                .path());
        long digest = disk.size(write(tree, new SnapshotConfig(SnapshotCompression.NONE, on, off))
                .path());
        long both = disk.size(write(tree, new SnapshotConfig(SnapshotCompression.NONE, on, on))
                .path());
        long lone = disk.size(write(tree, new SnapshotConfig(SnapshotCompression.NONE, off, on))
                .path());
        assertThat(List.of(digest - none, both - none, lone - none)).containsExactly(33L, 54L, 0L);
    }

    @Test
    void large_data_and_every_kind_of_acl_pass() throws IOException {
        NaiveTree tree = new NaiveTree();
        byte[] large = new byte[1_000_000];
        new SplittableRandom(1).nextBytes(large);
        tree.apply(Txns.create(1, large));
        tree.apply(Txns.create(2, new byte[0]));
        tree.node("/n2").data = null;
        tree.node("/n1").acl = List.of(new Acl(5, new Id("ip", "10.0.0.0/8")), new Acl(31, new Id("digest", "ä:x")));
        NaiveTree loaded = new NaiveTree();
        read(write(tree, SnapshotConfig.DEFAULT), loaded);
        assertThat(loaded.describe()).isEqualTo(tree.describe());
    }

    @Test
    void nothing_that_looks_like_a_snapshot_stands_there_before_it_is_whole() throws IOException {
        NaiveTree tree = tree(3, 200);
        for (int operations = 0; ; operations++) {
            SimDisk failing = new SimDisk();
            failing.createDirectories(DIR);
            failing.powerFailsAfter(operations);
            boolean written = true;
            try {
                new SnapshotWriter(failing, DIR, SnapshotConfig.DEFAULT).write(tree);
            } catch (IOException e) {
                written = false;
            }
            failing.crash(new SplittableRandom(operations), SimDisk.Loss.SECTORS);
            List<SnapshotFile> found = SnapshotFile.list(failing, DIR);
            assertThat(found).as("power gone after %d operations", operations).hasSizeLessThanOrEqualTo(1);
            if (!found.isEmpty()) {
                NaiveTree loaded = new NaiveTree();
                loaded.clear();
                new SnapshotReader(failing, LIMIT, LoadProgress.SILENT).read(found.get(0), loaded);
                assertThat(loaded.describe()).isEqualTo(tree.describe());
            }
            SnapshotWriter.deleteUnfinished(failing, DIR);
            assertThat(failing.list(DIR)).hasSize(found.size());
            if (written) {
                assertThat(found).hasSize(1);
                return;
            }
        }
    }

    @Test
    void a_file_cut_anywhere_is_refused_or_whole() throws IOException {
        NaiveTree tree = tree(4, 25);
        SnapshotFile file = write(tree, SnapshotConfig.DEFAULT);
        byte[] whole = disk.contents(file.path());
        // Behind the first seal a cut within part 6 or 8 only loses the optional part (spec persistence 4.7).
        List<Integer> readable = new ArrayList<>();
        for (int length = 0; length < whole.length; length++) {
            disk.put(file.path(), Arrays.copyOf(whole, length));
            NaiveTree loaded = new NaiveTree();
            try {
                read(file, loaded);
                assertThat(loaded.describe()).isEqualTo(tree.describe());
                readable.add(length - whole.length);
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith(file.path().toString());
            }
        }
        List<Integer> expected = new ArrayList<>();
        for (int tail = -54; tail < 0; tail++) {
            boolean inDigest = tail < -54 + 20;
            boolean inLastZxid = tail >= -21 && tail < -21 + 8;
            if (inDigest || inLastZxid) {
                expected.add(tail);
            }
        }
        assertThat(readable).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(SnapshotCompression.class)
    void a_flipped_bit_anywhere_is_refused_or_harmless(SnapshotCompression compression) throws IOException {
        NaiveTree tree = tree(5, 12);
        SnapshotFile file = write(tree, config(compression));
        byte[] whole = disk.contents(file.path());
        SplittableRandom dice = new SplittableRandom(9);
        int refused = 0;
        for (int i = 0; i < whole.length; i++) {
            byte[] broken = whole.clone();
            broken[i] ^= (byte) (1 << dice.nextInt(8));
            disk.put(file.path(), broken);
            NaiveTree loaded = new NaiveTree();
            try {
                read(file, loaded);
                // Bits of a packed stream that mean nothing: time and system in the header, for instance.
                assertThat(compression).isNotEqualTo(SnapshotCompression.NONE);
                assertThat(loaded.describe()).isEqualTo(tree.describe());
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith(file.path().toString());
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(whole.length * 9 / 10);
    }

    @Test
    void a_truncation_leaves_no_snapshot_above_it_and_one_to_start_from() throws IOException {
        for (int txns : new int[] {3, 8, 12}) {
            write(tree(1, txns), SnapshotConfig.DEFAULT);
        }
        assertThat(SnapshotFile.deleteAbove(disk, DIR, 2)).isFalse();
        assertThat(disk.list(DIR)).hasSize(3);
        assertThat(SnapshotFile.deleteAbove(disk, DIR, 8)).isTrue();
        assertThat(disk.list(DIR)).containsExactly("snapshot.3", "snapshot.8");
        disk.put(DIR.resolve("snapshot.3"), new byte[20]);
        assertThat(SnapshotFile.deleteAbove(disk, DIR, 7)).isFalse();
        assertThat(disk.list(DIR)).containsExactly("snapshot.3", "snapshot.8");
    }

    @Test
    void the_body_can_be_read_in_pieces_of_any_size() throws IOException {
        NaiveTree tree = tree(6, 80);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SnapshotBodyWriter(out).write(tree);
        out.write(new byte[] {0, 0, 0, 10, 'B', 'e', 'n'});
        byte[] stream = out.toByteArray();
        for (int piece : new int[] {1, 7, 64, 1000, stream.length}) {
            NaiveTree loaded = new NaiveTree();
            loaded.clear();
            SnapshotBodyReader reader = new SnapshotBodyReader(loaded, LIMIT);
            ByteBuffer waiting = ByteBuffer.allocate(stream.length);
            int at = 0;
            boolean done = false;
            while (!done) {
                int length = Math.min(piece, stream.length - at);
                waiting.put(stream, at, length);
                at += length;
                done = reader.read(waiting.flip());
                waiting.compact();
            }
            loaded.loaded(tree.zxid());
            assertThat(loaded.describe()).as("pieces of %d", piece).isEqualTo(tree.describe());
            assertThat(waiting.position() + stream.length - at).isEqualTo(7);
        }
    }

    @Test
    void lengths_and_counts_that_make_no_sense_are_refused_with_their_offset() {
        NaiveTree tree = new NaiveTree();
        assertThatThrownBy(() -> new SnapshotBodyReader(tree, LIMIT)
                        .read(ByteBuffer.allocate(4).putInt(0, -5)))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("the sessions")
                .hasMessageContaining("count -5");
        ByteBuffer longPath = ByteBuffer.allocate(12).putInt(8, LIMIT + 1);
        assertThatThrownBy(() -> new SnapshotBodyReader(tree, LIMIT).read(longPath))
                .hasMessageContaining("Unreasonable length = " + (LIMIT + 1));
    }

    @Test
    void replay_repairs_a_snapshot_that_was_written_while_the_tree_changed() throws IOException {
        for (int seed = 0; seed < 40; seed++) {
            SplittableRandom dice = new SplittableRandom(seed);
            NaiveTree leader = new NaiveTree();
            Txns generator = new Txns(dice);
            List<LoggedTxn> log = new ArrayList<>();
            for (long zxid = 1; zxid <= 300; zxid++) {
                log.add(generator.next(leader, zxid));
            }
            NaiveTree follower = new NaiveTree();
            int start = dice.nextInt(300);
            log.subList(0, start).forEach(follower::apply);
            FuzzySource source = new FuzzySource(follower, log.subList(start, 300), dice);
            SnapshotWriter.Written written = new SnapshotWriter(disk, DIR, SnapshotConfig.DEFAULT).write(source);
            NaiveTree loaded = new NaiveTree();
            read(new SnapshotFile(written.file(), written.zxid(), SnapshotCompression.NONE), loaded);
            assertThat(loaded.zxid()).isEqualTo(start);
            log.subList(start, 300).forEach(loaded::apply);
            assertThat(loaded.describe()).as("seed %d", seed).isEqualTo(leader.describe());
        }
    }

    /** Applies transactions between the nodes it writes. */
    private static final class FuzzySource implements SnapshotSource {
        private static final long UNKNOWN_ACL = 9999;

        private final NaiveTree tree;
        private final List<LoggedTxn> more;
        private final SplittableRandom dice;
        private final List<List<Acl>> acls = new ArrayList<>();
        private final long zxid;
        private int applied;

        FuzzySource(NaiveTree tree, List<LoggedTxn> more, SplittableRandom dice) {
            this.tree = tree;
            this.more = more;
            this.dice = dice;
            this.zxid = tree.zxid();
        }

        private void goOn() {
            while (applied < more.size() && dice.nextInt(3) != 0) {
                tree.apply(more.get(applied++));
            }
        }

        @Override
        public long lastZxid() {
            return zxid;
        }

        @Override
        public void writeSessions(SessionSink sink) throws IOException {
            goOn();
            tree.writeSessions(sink);
        }

        @Override
        public void writeAcls(AclSink sink) throws IOException {
            goOn();
            tree.writeAcls((id, acl) -> {
                acls.add(acl);
                sink.acl(id, acl);
            });
        }

        @Override
        public void writeNodes(NodeSink sink) throws IOException {
            for (String path : List.copyOf(tree.nodes().keySet())) {
                goOn();
                NaiveTree.Node node = tree.nodes().get(path);
                if (node == null) {
                    continue;
                }
                byte[] name = (path.equals("/") ? "" : path).getBytes(StandardCharsets.UTF_8);
                byte[] data = node.data == null ? new byte[0] : node.data;
                // A list that is younger than the table has an id that the table lacks.
                long acl = node.acl.equals(Acl.OPEN)
                        ? -1
                        : acls.contains(node.acl) ? 1 + acls.indexOf(node.acl) : UNKNOWN_ACL;
                StoredStat stat = node.stat();
                sink.node(name, name.length, data, 0, node.data == null ? -1 : data.length, acl, stat);
            }
        }

        @Override
        public long digestZxid() {
            return tree.zxid();
        }

        @Override
        public long treeDigest() {
            return tree.treeDigest();
        }

        @Override
        public long lastZxidNow() {
            return tree.zxid();
        }
    }
}
