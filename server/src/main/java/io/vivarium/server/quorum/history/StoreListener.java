/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.server.quorum.zab.EpochKind;
import io.vivarium.server.quorum.zab.Proposal;
import io.vivarium.server.quorum.zab.Resync;
import java.util.List;

/**
 * What {@link HistoryStore} answers. Thread: {@code journal}; implementations hand over to their own thread and return.
 *
 * <p>Answers come in the order in which things were asked, also among those of the journal itself.
 */
public interface StoreListener {
    /** A crash would leave this epoch. */
    void epochStored(EpochKind kind, long epoch);

    /**
     * The history was cut back and the tree is what is left; or it could not be cut, nothing was touched, and the answer
     * is above what was asked.
     *
     * @param lastZxid the last transaction that is left
     * @param recent the newest transactions in the tree, oldest first, for the committed log
     */
    void historyTruncated(long lastZxid, List<Proposal> recent);

    /** A crash would leave the tree as it is now. */
    void snapshotInstalled(long zxid);

    /**
     * The tree is what is on disk.
     *
     * @param lastZxid -1 if there is no database and none may be made here
     * @param resync whether that history can be shown to a leader
     * @param recent the newest transactions in the tree, oldest first, for the committed log
     */
    void reloaded(long lastZxid, Resync resync, List<Proposal> recent);

    /** Everything asked before has been answered. */
    void quiesced();

    /** The disk failed; nothing asked after this is answered, and the journal has stopped as well. */
    void failed(Throwable cause);
}
