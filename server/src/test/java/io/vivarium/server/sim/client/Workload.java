/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.client;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ClientRequest.Part;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks next: every operation there is, on few enough nodes that clients get in each other's way.
 *
 * <p>The next choice follows from the dice and from what the client knows: versions it has seen, sequential nodes it has
 * made. Namespaces: {@code /w/d0..} directories with nodes below, {@code /w/a} with nodes whose ACLs change. Only lists
 * with {@code world:anyone} are used, so that a model need not know the client's identities; nodes can always be deleted,
 * because that is the parent's to permit. Thread: the test's.
 */
public final class Workload {
    /** A request to be sent. */
    public record Ask(int op, ClientRequest body) {}

    public static final String ROOT = "/w";
    private static final String ACL_DIRECTORY = ROOT + "/a";
    private static final int DIRECTORIES = 4;
    private static final int NAMES = 6;
    private static final int MAX_OWN_SEQUENTIAL = 6;
    private static final int ANY_VERSION = -1;
    private static final int WRONG_VERSION = 1_000_000;
    private static final List<List<Acl>> ACLS = List.of(
            Acl.OPEN,
            Acl.READ_ONLY,
            List.of(new Acl(Acl.READ | Acl.WRITE | Acl.ADMIN, Id.ANYONE)),
            List.of(new Acl(Acl.WRITE | Acl.ADMIN, Id.ANYONE)),
            List.of());

    /** One line for each kind of request: how often, and how it is made. */
    private enum Kind {
        CREATE(16),
        CREATE_SEQUENTIAL(6),
        CREATE_CONTAINER(2),
        CREATE_TTL(2),
        DELETE(14),
        SET_DATA(14),
        SET_ACL(4),
        MULTI(8),
        EXISTS(6),
        GET_DATA(10),
        GET_CHILDREN(5),
        GET_ACL(2),
        SYNC_AND_READ(5),
        MULTI_READ(3),
        GET_EPHEMERALS(2),
        COUNT(1),
        WHO_AM_I(1),
        ADD_WATCH(2),
        CHECK_WATCHES(1),
        REMOVE_WATCHES(2),
        CLOSE_SESSION(1);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }
    }

    private static final Kind[] CHOICES = choices();

    private final int client;
    private final RandomGenerator dice;
    private final Map<String, Integer> versions = new HashMap<>();
    private final ArrayDeque<String> ownSequential = new ArrayDeque<>();
    private final ArrayDeque<Ask> next = new ArrayDeque<>();
    private int values;

    public Workload(int client, RandomGenerator dice) {
        this.client = client;
        this.dice = dice;
    }

    private static Kind[] choices() {
        List<Kind> choices = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < kind.weight; i++) {
                choices.add(kind);
            }
        }
        return choices.toArray(new Kind[0]);
    }

    public Ask next() {
        if (!next.isEmpty()) {
            return next.removeFirst();
        }
        if (ownSequential.size() > MAX_OWN_SEQUENTIAL) {
            return new Ask(OpCode.DELETE, new ClientRequest.Delete(ownSequential.removeFirst(), ANY_VERSION));
        }
        return choose(CHOICES[dice.nextInt(CHOICES.length)]);
    }

    private Ask choose(Kind kind) {
        String path = path();
        switch (kind) {
            case CREATE:
                return new Ask(dice.nextBoolean() ? OpCode.CREATE : OpCode.CREATE2, creation(path, flags(path)));
            case CREATE_SEQUENTIAL:
                return new Ask(
                        dice.nextBoolean() ? OpCode.CREATE : OpCode.CREATE2,
                        creation(directory() + "/s-", 2 + dice.nextInt(2)));
            case CREATE_CONTAINER:
                return new Ask(OpCode.CREATE_CONTAINER, creation(path, 4));
            case CREATE_TTL:
                return new Ask(
                        OpCode.CREATE_TTL,
                        new ClientRequest.CreateTtl(path, value(), Acl.OPEN, 5, dice.nextLong(1_000, 60_000)));
            case DELETE:
                return new Ask(OpCode.DELETE, new ClientRequest.Delete(path, version(path)));
            case SET_DATA:
                return new Ask(OpCode.SET_DATA, new ClientRequest.SetData(path, value(), version(path)));
            case SET_ACL:
                return new Ask(
                        OpCode.SET_ACL,
                        new ClientRequest.SetAcl(
                                ACL_DIRECTORY + "/n" + dice.nextInt(NAMES),
                                ACLS.get(dice.nextInt(ACLS.size())),
                                dice.nextInt(8) == 0 ? WRONG_VERSION : ANY_VERSION));
            case MULTI:
                return multi();
            case EXISTS:
                return read(OpCode.EXISTS, path);
            case GET_DATA:
                return read(OpCode.GET_DATA, path);
            case GET_CHILDREN:
                return read(
                        dice.nextBoolean() ? OpCode.GET_CHILDREN : OpCode.GET_CHILDREN2,
                        dice.nextInt(4) == 0 ? path : directory());
            case GET_ACL:
                return new Ask(OpCode.GET_ACL, new ClientRequest.PathOnly(path));
            case SYNC_AND_READ:
                next.addLast(read(OpCode.GET_DATA, path));
                return new Ask(OpCode.SYNC, new ClientRequest.PathOnly(path));
            case MULTI_READ:
                return new Ask(
                        OpCode.MULTI_READ,
                        new ClientRequest.Multi(List.of(
                                new Part(OpCode.GET_DATA, new ClientRequest.Read(path, false)),
                                new Part(OpCode.GET_CHILDREN, new ClientRequest.Read(directory(), false)))));
            case GET_EPHEMERALS:
                return new Ask(OpCode.GET_EPHEMERALS, new ClientRequest.PathOnly("/"));
            case COUNT:
                return new Ask(OpCode.GET_ALL_CHILDREN_NUMBER, new ClientRequest.PathOnly("/"));
            case WHO_AM_I:
                return new Ask(OpCode.WHO_AM_I, ClientRequest.Empty.INSTANCE);
            case ADD_WATCH:
                return new Ask(
                        OpCode.ADD_WATCH,
                        new ClientRequest.WatchOp(dice.nextInt(3) == 0 ? directory() : path, dice.nextInt(2)));
            case CHECK_WATCHES:
                return new Ask(OpCode.CHECK_WATCHES, new ClientRequest.WatchOp(path, 1 + dice.nextInt(5)));
            case REMOVE_WATCHES:
                return new Ask(OpCode.REMOVE_WATCHES, new ClientRequest.WatchOp(path, 1 + dice.nextInt(5)));
            case CLOSE_SESSION:
                // Rarer than its weight could say.
                return dice.nextInt(3) == 0
                        ? new Ask(OpCode.CLOSE_SESSION, ClientRequest.Empty.INSTANCE)
                        : read(OpCode.GET_DATA, path);
        }
        throw new IllegalStateException("no request of kind " + kind);
    }

    /** Some go well, some fail in the middle, some change one node twice. */
    private Ask multi() {
        List<Part> parts = new ArrayList<>();
        int count = 1 + dice.nextInt(4);
        String repeated = path();
        for (int i = 0; i < count; i++) {
            String path = dice.nextInt(3) == 0 ? repeated : path();
            switch (dice.nextInt(6)) {
                case 0:
                    parts.add(new Part(OpCode.CREATE, creation(path, flags(path))));
                    break;
                case 1:
                    parts.add(new Part(OpCode.CREATE2, creation(directory() + "/s-", 2 + dice.nextInt(2))));
                    break;
                case 2:
                    parts.add(new Part(OpCode.DELETE, new ClientRequest.Delete(path, ANY_VERSION)));
                    break;
                case 3:
                    parts.add(new Part(OpCode.CHECK, new ClientRequest.Check(path, version(path))));
                    break;
                default:
                    parts.add(new Part(OpCode.SET_DATA, new ClientRequest.SetData(path, value(), version(path))));
                    break;
            }
        }
        return new Ask(OpCode.MULTI, new ClientRequest.Multi(parts));
    }

    private Ask read(int op, String path) {
        return new Ask(op, new ClientRequest.Read(path, dice.nextInt(3) == 0));
    }

    private ClientRequest.Create creation(String path, int flags) {
        return new ClientRequest.Create(path, value(), Acl.OPEN, flags);
    }

    /** An ephemeral root would bring the work of everybody to a halt for the life of a session. */
    private int flags(String path) {
        return path.equals(ROOT) ? 0 : dice.nextInt(2);
    }

    private String directory() {
        int choice = dice.nextInt(DIRECTORIES + 1);
        return choice == DIRECTORIES ? ACL_DIRECTORY : ROOT + "/d" + choice;
    }

    /** A directory now and then, a node mostly. */
    private String path() {
        int choice = dice.nextInt(40);
        if (choice == 0) {
            return ROOT;
        }
        return choice < 6 ? directory() : directory() + "/n" + dice.nextInt(NAMES);
    }

    private int version(String path) {
        switch (dice.nextInt(4)) {
            case 0:
                return WRONG_VERSION;
            case 1:
                return versions.getOrDefault(path, 0);
            default:
                return ANY_VERSION;
        }
    }

    /** No two are alike, so that a read says which write it saw. */
    private byte @Nullable [] value() {
        if (dice.nextInt(50) == 0) {
            return null;
        }
        String text = client + ":" + ++values;
        return (dice.nextInt(100) == 0 ? text + "+".repeat(2_000) : text).getBytes(StandardCharsets.UTF_8);
    }

    // ---- What the client learns -------------------------------------------------------------------------------

    public void answered(Operation operation) {
        Reply reply = operation.reply();
        if (operation.op() == OpCode.GET_DATA || operation.op() == OpCode.EXISTS) {
            String path = ((ClientRequest.Read) operation.body()).path();
            if (path != null && reply.stat() != null) {
                versions.put(path, reply.stat().version());
            } else if (path != null) {
                missed(path);
            }
        } else if (operation.body() instanceof ClientRequest.Create create && create.path() != null) {
            learnCreate(create, create.path(), reply);
        }
    }

    private void learnCreate(ClientRequest.Create create, String asked, Reply reply) {
        if (reply.path() != null && (create.flags() & 2) != 0) {
            ownSequential.addLast(reply.path());
        } else if (reply.error() != 0) {
            missed(asked);
        }
    }

    /** What is missing may lack its parents, too; most clients would make them first. */
    private void missed(String path) {
        int slash = path.lastIndexOf('/');
        if (next.size() < 4 && slash > 0 && dice.nextInt(3) == 0) {
            next.addLast(new Ask(OpCode.CREATE, creation(ROOT, 0)));
            next.addLast(new Ask(OpCode.CREATE, creation(path.substring(0, slash), 0)));
        }
    }

    /** Nobody knows whether it happened; what it would have taught is forgotten. */
    public void lost(Operation operation) {
        if (operation.body() instanceof ClientRequest.SetData set && set.path() != null) {
            versions.remove(set.path());
        }
    }

    public void sessionOver() {
        next.clear();
    }
}
