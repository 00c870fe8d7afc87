/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.server.sim.client.Operation;
import io.vivarium.server.sim.client.Reply;
import java.util.EnumSet;
import java.util.Set;

/**
 * An answered write is in the history, at the zxid of its answer and with the result that the model has for it; one that
 * was refused without a transaction never happens. In doubt means once or not at all, which {@link CommittedHistory} sees
 * to for every write. Thread: the test's.
 */
final class WriteChecker {
    /** What a server may answer without having asked anybody. */
    private static final Set<ErrorCode> WITHOUT_TRANSACTION = EnumSet.of(
            ErrorCode.NOT_READ_ONLY, ErrorCode.SESSION_EXPIRED, ErrorCode.SESSION_MOVED, ErrorCode.CONNECTION_LOSS);
    /** Noted as zxid of what was refused like that: a transaction for it would be its second life. */
    private static final long REFUSED = -1;

    private final Story story;
    private final Asked asked;
    private final CommittedHistory history;

    WriteChecker(Story story, Asked asked, CommittedHistory history) {
        this.story = story;
        this.asked = asked;
        this.history = history;
    }

    void invoked(Operation operation) {
        if (operation.isWrite()) {
            asked.add(operation);
        }
    }

    void answered(Operation operation) {
        if (!operation.isWrite()) {
            return;
        }
        Reply reply = operation.reply();
        Committed committed = history.find(reply.zxid());
        if (committed != null && committed.operation() == operation) {
            compare(operation, reply, committed.expected());
            asked.settled(operation);
            return;
        }
        ErrorCode error = ErrorCode.of(reply.error());
        if (error == null || !WITHOUT_TRANSACTION.contains(error) || operation.committedZxid() != 0) {
            throw story.failure(operation + " is answered, but at its zxid there is " + committed);
        }
        operation.noteCommitted(REFUSED);
    }

    private void compare(Operation operation, Reply reply, Reply expected) {
        boolean same = reply.error() == expected.error()
                && reply.parts().size() == expected.parts().size()
                && sameResult(reply, expected);
        for (int i = 0; same && i < reply.parts().size(); i++) {
            same = reply.parts().get(i).error() == expected.parts().get(i).error()
                    && sameResult(reply.parts().get(i), expected.parts().get(i));
        }
        if (!same) {
            throw story.failure(operation + " has another answer than the model: " + expected);
        }
    }

    /** A create answers the path, others the Stat, create2 both; whatever is there has to be right. */
    private static boolean sameResult(Reply reply, Reply expected) {
        return (reply.stat() == null || reply.stat().equals(expected.stat()))
                && (reply.path() == null || reply.path().equals(expected.path()));
    }
}
