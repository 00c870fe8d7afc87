/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import static io.vivarium.server.pipeline.GivenTree.CALLER;
import static io.vivarium.server.pipeline.GivenTree.OTHER_SESSION;
import static io.vivarium.server.pipeline.GivenTree.SESSION;
import static io.vivarium.server.pipeline.GivenTree.WALL_MILLIS;
import static io.vivarium.server.pipeline.GivenTree.creation;
import static io.vivarium.server.pipeline.GivenTree.multi;
import static io.vivarium.server.pipeline.GivenTree.part;
import static io.vivarium.server.pipeline.GivenTree.setData;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which transaction, or which refusal, becomes of a request (spec client-protocol 5.3, quorum 9.2). */
class TxnPreparerTest {
    private static final List<Acl> DELETE_ONLY = List.of(new Acl(Acl.DELETE, io.vivarium.protocol.data.Id.ANYONE));
    private static final int NO_NODE = ErrorCode.NO_NODE.code();
    private static final int NO_AUTH = ErrorCode.NO_AUTH.code();
    private static final int BAD_VERSION = ErrorCode.BAD_VERSION.code();
    private static final int BAD_ARGUMENTS = ErrorCode.BAD_ARGUMENTS.code();
    private static final int NOT_EMPTY = ErrorCode.NOT_EMPTY.code();

    private final GivenTree given = new GivenTree().with("/a", "/a/b");

    private void createWith(String path, List<Acl> acl) {
        given.does(OpCode.CREATE, new ClientRequest.Create(path, null, acl, 0));
    }

    private static ClientRequest.Delete delete(String path, int version) {
        return new ClientRequest.Delete(path, version);
    }

    // ---- Order of the checks ------------------------------------------------------------------------------------

    @Test
    void aCreateIsRefusedForItsFirstFault() {
        createWith("/closed", Acl.READ_ONLY);
        given.does(OpCode.CREATE, creation("/e", 1));
        ErrorCode[] expected = {
            ErrorCode.BAD_ARGUMENTS, ErrorCode.MARSHALLING_ERROR, ErrorCode.BAD_ARGUMENTS, ErrorCode.INVALID_ACL,
            ErrorCode.NO_NODE, ErrorCode.NO_AUTH, ErrorCode.BAD_ARGUMENTS, ErrorCode.NODE_EXISTS,
            ErrorCode.NO_CHILDREN_FOR_EPHEMERALS
        };
        ClientRequest.Create[] requests = {
            // Flags before the null path, and each of the others with all later faults that it can have, too.
            new ClientRequest.Create(null, null, null, 9),
            new ClientRequest.Create(null, null, null, 0),
            new ClientRequest.Create("nowhere", null, null, 0),
            new ClientRequest.Create("/none/x/", null, null, 0),
            creation("/none/x//"),
            creation("/closed/\u0001"),
            creation("/a/\u0001"),
            creation("/a/b"),
            creation("/e/x"),
        };
        for (int i = 0; i < requests.length; i++) {
            assertThat(given.refusalOf(OpCode.CREATE, requests[i]))
                    .as("request " + i)
                    .isEqualTo(expected[i].code());
        }
    }

    @Test
    void aTtlGoesWithTheTtlFlagsOnly() {
        assertThat(given.refusalOf(OpCode.CREATE_TTL, new ClientRequest.CreateTtl("/t", null, Acl.OPEN, 0, 5)))
                .isEqualTo(BAD_ARGUMENTS);
        assertThat(given.refusalOf(OpCode.CREATE_TTL, new ClientRequest.CreateTtl("/t", null, Acl.OPEN, 0, -1)))
                .isEqualTo(BAD_ARGUMENTS);
        assertThat(given.refusalOf(OpCode.CREATE_TTL, new ClientRequest.CreateTtl("/t", null, Acl.OPEN, 5, 0)))
                .isEqualTo(BAD_ARGUMENTS);
        assertThat(given.refusalOf(OpCode.CREATE_TTL, new ClientRequest.CreateTtl("/t", null, Acl.OPEN, 5, 5)))
                .isZero();
        GivenTree plain = new GivenTree(PrepareConfig.DEFAULT);
        assertThat(plain.refusalOf(OpCode.CREATE_TTL, new ClientRequest.CreateTtl("/t", null, Acl.OPEN, 5, 5)))
                .isEqualTo(ErrorCode.UNIMPLEMENTED.code());
    }

    @Test
    void aDeleteAsksTheParentForPermissionBeforeItLooksForTheNode() {
        createWith("/closed", Acl.READ_ONLY);
        assertThat(given.refusalOf(OpCode.DELETE, delete(null, 5))).isEqualTo(ErrorCode.MARSHALLING_ERROR.code());
        assertThat(given.refusalOf(OpCode.DELETE, delete("/", 5))).isEqualTo(BAD_ARGUMENTS);
        assertThat(given.refusalOf(OpCode.DELETE, delete("/zookeeper/quota", 5)))
                .isEqualTo(BAD_ARGUMENTS);
        assertThat(given.refusalOf(OpCode.DELETE, delete("/none/x", 5))).isEqualTo(NO_NODE);
        assertThat(given.refusalOf(OpCode.DELETE, delete("/closed/none", 5))).isEqualTo(NO_AUTH);
        assertThat(given.refusalOf(OpCode.DELETE, delete("/a/none", 5))).isEqualTo(NO_NODE);
        assertThat(given.refusalOf(OpCode.DELETE, delete("/a", 5))).isEqualTo(BAD_VERSION);
        assertThat(given.refusalOf(OpCode.DELETE, delete("/a", 0))).isEqualTo(NOT_EMPTY);
    }

    @Test
    void aSetDataIsRefusedForItsFirstFault() {
        createWith("/closed", DELETE_ONLY);
        assertThat(given.refusalOf(OpCode.SET_DATA, setData("/a/", "", 5))).isEqualTo(BAD_ARGUMENTS);
        assertThat(given.refusalOf(OpCode.SET_DATA, setData("/none", "", 5))).isEqualTo(NO_NODE);
        assertThat(given.refusalOf(OpCode.SET_DATA, setData("/closed", "", 5))).isEqualTo(NO_AUTH);
        assertThat(given.refusalOf(OpCode.SET_DATA, setData("/a", "", 5))).isEqualTo(BAD_VERSION);
    }

    @Test
    void aSetAclJudgesItsListBeforeItLooksForTheNode() {
        createWith("/closed", Acl.READ_ONLY);
        assertThat(given.refusalOf(OpCode.SET_ACL, new ClientRequest.SetAcl("/none", List.of(), 5)))
                .isEqualTo(ErrorCode.INVALID_ACL.code());
        assertThat(given.refusalOf(OpCode.SET_ACL, new ClientRequest.SetAcl("/none", Acl.OPEN, 5)))
                .isEqualTo(NO_NODE);
        assertThat(given.refusalOf(OpCode.SET_ACL, new ClientRequest.SetAcl("/closed", Acl.OPEN, 5)))
                .isEqualTo(NO_AUTH);
        assertThat(given.refusalOf(OpCode.SET_ACL, new ClientRequest.SetAcl("/a", Acl.OPEN, 5)))
                .isEqualTo(BAD_VERSION);
    }

    @Test
    void aContainerIsDeletedOnlyWhileItIsEmptyAndAContainer() {
        given.does(OpCode.CREATE_CONTAINER, creation("/c", 4));
        given.does(OpCode.CREATE, creation("/c/x"));
        assertThat(given.refusalOf(OpCode.DELETE_CONTAINER, new ClientRequest.PathOnly("/none")))
                .isEqualTo(NO_NODE);
        assertThat(given.refusalOf(OpCode.DELETE_CONTAINER, new ClientRequest.PathOnly("/c")))
                .isEqualTo(NOT_EMPTY);
        assertThat(given.refusalOf(OpCode.DELETE_CONTAINER, new ClientRequest.PathOnly("/a/b")))
                .isEqualTo(BAD_VERSION);
        given.prepare(OpCode.DELETE, delete("/c/x", -1));
        assertThat(given.refusalOf(OpCode.DELETE_CONTAINER, new ClientRequest.PathOnly("/c")))
                .isZero();
    }

    @Test
    void aSessionFaultComesAfterTheFlagsAndBeforeThePath() {
        WriteRequest badFlags =
                new WriteRequest(null, SESSION, 1, OpCode.CREATE, creation("x", 99), CALLER, 0, List.of());
        WriteRequest badPath = new WriteRequest(null, SESSION, 1, OpCode.CREATE, creation("x"), CALLER, 0, List.of());
        assertThat(GivenTree.codeOf(given.preparer.prepare(
                        badFlags, SessionStanding.faulty(ErrorCode.SESSION_EXPIRED), WALL_MILLIS)))
                .isEqualTo(BAD_ARGUMENTS);
        assertThat(GivenTree.codeOf(given.preparer.prepare(
                        badPath, SessionStanding.faulty(ErrorCode.SESSION_EXPIRED), WALL_MILLIS)))
                .isEqualTo(ErrorCode.SESSION_EXPIRED.code());
    }

    @Test
    void anOperationThatIsNoWriteIsRefusedAndItsZxidIsUsedUp() {
        long before = given.preparer.lastZxid();
        LoggedTxn txn = given.prepare(OpCode.GET_DATA, new ClientRequest.Read("/a", false));
        assertThat(GivenTree.codeOf(txn)).isEqualTo(ErrorCode.MARSHALLING_ERROR.code());
        assertThat(txn.zxid()).isEqualTo(before + 1);
        assertThat(txn.digest()).isNull();
        assertThat(given.prepare(OpCode.CREATE, creation("/next")).zxid()).isEqualTo(before + 2);
    }

    // ---- Requests see those before them -------------------------------------------------------------------------

    @Test
    void aRequestSeesWhatThoseBeforeItWillDo() {
        given.prepare(OpCode.DELETE, delete("/a/b", -1));
        assertThat(given.refusalOf(OpCode.SET_DATA, setData("/a/b", "", -1))).isEqualTo(NO_NODE);
        assertThat(given.refusalOf(OpCode.DELETE, delete("/a", 0))).isZero();
        assertThat(given.refusalOf(OpCode.CREATE, creation("/a/x"))).isEqualTo(NO_NODE);
        given.prepare(OpCode.CREATE, creation("/a"));
        LoggedTxn set = given.prepare(OpCode.SET_DATA, setData("/a", "x", 0));
        assertThat(set.body()).isEqualTo(new Txn.SetData("/a", ((Txn.SetData) set.body()).data(), 1));
        assertThat(given.refusalOf(OpCode.SET_DATA, setData("/a", "y", 0))).isEqualTo(BAD_VERSION);
    }

    @ParameterizedTest
    @CsvSource({"0, 0000000000", "7, 0000000007", "2147483647, 2147483647", "-1, -000000001", "-2147483648, -2147483648"
    })
    void aSuffixIsTheParentsCounterInTenPlaces(int counter, String suffix) {
        assertThat(CreateRules.suffix(counter)).isEqualTo(suffix).isEqualTo(String.format("%010d", counter));
    }

    @Test
    void theCounterWrapsAround() {
        StoredStat stat = new StoredStat(1, 1, 0, 0, 0, Integer.MAX_VALUE, 0, 0, 1);
        PendingNode node = new PendingNode(0, stat, 0, Acl.OPEN, null, 0, null);
        PendingChanges pending = new PendingChanges(given.tree, GivenTree.RULES);
        pending.put("/a", node, node);
        CreateRules rules = new CreateRules(
                pending,
                given.access,
                new io.vivarium.server.auth.AclFixUp(given.schemes),
                given.tree.quotas(),
                GivenTree.CONFIG);
        Preparation p = new Preparation(SESSION, CALLER, 9, WALL_MILLIS, null);
        Prepared first = rules.prepare(OpCode.CREATE, creation("/a/s-", 2), p);
        Prepared second = rules.prepare(OpCode.CREATE, creation("/a/s-", 2), p);
        Txn.Create one = (Txn.Create) ((Prepared.Accepted) first).body();
        Txn.Create two = (Txn.Create) ((Prepared.Accepted) second).body();
        assertThat(one.path()).isEqualTo("/a/s-2147483647");
        assertThat(one.parentCversion()).isEqualTo(Integer.MIN_VALUE);
        assertThat(two.path()).isEqualTo("/a/s--2147483648");
    }

    // ---- Multi --------------------------------------------------------------------------------------------------

    @Test
    void thePartsOfAMultiSeeEachOther() {
        LoggedTxn txn = given.prepare(
                OpCode.MULTI,
                multi(
                        part(OpCode.CREATE, creation("/m")),
                        part(OpCode.CREATE, creation("/m/s", 2)),
                        part(OpCode.CHECK, new ClientRequest.Check("/m", 0)),
                        part(OpCode.DELETE, delete("/m/s0000000000", 0))));
        assertThat(((Txn.Multi) txn.body()).isRefused()).isFalse();
        given.apply(txn);
        assertThat(given.tree.find("/m").childCount()).isZero();
        assertThat(txn.digest().treeDigest()).isEqualTo(given.tree.digest());
    }

    @Test
    void aRefusedMultiKeepsThePartsBeforeItAndChangesNothing() {
        given.prepare(OpCode.SET_DATA, setData("/a", "x", 0));
        LoggedTxn txn = given.prepare(
                OpCode.MULTI,
                multi(
                        part(OpCode.SET_DATA, setData("/a", "y", 1)),
                        part(OpCode.DELETE, delete("/a/b", 7)),
                        part(OpCode.CREATE, creation("/unseen"))));
        List<Txn.Part> parts = ((Txn.Multi) txn.body()).parts();
        assertThat(parts.get(0).type()).isEqualTo(OpCode.SET_DATA);
        assertThat(parts.get(1)).isEqualTo(new Txn.Part(OpCode.ERROR, new Txn.Refusal(BAD_VERSION)));
        assertThat(parts.get(2))
                .isEqualTo(new Txn.Part(OpCode.ERROR, new Txn.Refusal(ErrorCode.RUNTIME_INCONSISTENCY.code())));
        // The version is what the request before the multi made of it.
        assertThat(given.refusalOf(OpCode.SET_DATA, setData("/a", "z", 1))).isZero();
        assertThat(given.refusalOf(OpCode.CREATE, creation("/unseen"))).isZero();
    }

    @Test
    void aTransactionTakenBackLeavesNoTrace() {
        WriteRequest request = new WriteRequest(null, SESSION, 1, OpCode.CREATE, creation("/n"), CALLER, 0, List.of());
        LoggedTxn txn = given.preparer.prepare(request, SessionStanding.GOOD, WALL_MILLIS);
        LoggedTxn refused = given.preparer.refuseLast(request, WALL_MILLIS);
        assertThat(refused.zxid()).isEqualTo(txn.zxid());
        assertThat(GivenTree.codeOf(refused)).isEqualTo(BAD_ARGUMENTS);
        LoggedTxn again = given.prepare(OpCode.CREATE, creation("/n"));
        given.apply(refused);
        given.apply(again);
        assertThat(again.digest().treeDigest()).isEqualTo(given.tree.digest());
    }

    // ---- closeSession -------------------------------------------------------------------------------------------

    @Test
    void closeSessionTakesWhatIsThereAndWhatIsOnItsWay() {
        for (String path : List.of("/a/there", "/a/gone", "/a/others")) {
            given.does(OpCode.CREATE, creation(path, 1));
        }
        given.prepare(OpCode.DELETE, delete("/a/gone", -1));
        given.prepare(OpCode.DELETE, delete("/a/others", -1));
        given.prepare(OTHER_SESSION, OpCode.CREATE, creation("/a/others", 1));
        given.prepare(OpCode.CREATE, creation("/a/coming", 1));
        LoggedTxn close = given.prepare(OpCode.CLOSE_SESSION, ClientRequest.Empty.INSTANCE);
        assertThat(((Txn.CloseSession) close.body()).paths()).containsExactlyInAnyOrder("/a/there", "/a/coming");
        assertThat(given.refusalOf(OpCode.CREATE, creation("/a/others"))).isEqualTo(ErrorCode.NODE_EXISTS.code());
    }

    @Test
    void anOverlongListIsCutAndEverythingIsDeletedAllTheSame() {
        GivenTree small = new GivenTree(new PrepareConfig(GivenTree.RULES, false, false, true, true, 64));
        for (int i = 0; i < 20; i++) {
            small.does(OpCode.CREATE, creation("/e", 3));
        }
        LoggedTxn close = small.prepare(OpCode.CLOSE_SESSION, ClientRequest.Empty.INSTANCE);
        assertThat(((Txn.CloseSession) close.body()).paths()).hasSizeBetween(1, 2);
        small.apply(close);
        assertThat(small.tree.ephemeralsOf(SESSION)).isEmpty();
        assertThat(close.digest().treeDigest()).isEqualTo(small.tree.digest());
    }

    @Test
    void closeSessionListsNothingWhereThatIsSwitchedOff() {
        GivenTree old = new GivenTree(new PrepareConfig(OwnerKind.Rules.DEFAULT, false, false, false, false, 1 << 20));
        old.does(OpCode.CREATE, creation("/e", 1));
        LoggedTxn close = old.prepare(OpCode.CLOSE_SESSION, ClientRequest.Empty.INSTANCE);
        assertThat(close.body()).isEqualTo(new Txn.CloseSession(null));
        assertThat(close.digest()).isNull();
        assertThat(old.refusalOf(OpCode.SET_DATA, setData("/e", "", -1))).isEqualTo(NO_NODE);
    }
}
