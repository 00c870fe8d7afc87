/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.mail;

import io.vivarium.server.quorum.QuorumEvent;
import io.vivarium.server.quorum.history.StoreListener;
import io.vivarium.server.quorum.zab.EpochKind;
import io.vivarium.server.quorum.zab.Proposal;
import io.vivarium.server.quorum.zab.Resync;
import java.util.List;
import java.util.function.Consumer;

/** What the history on disk answers (spec quorum 2.2). Thread: journal; posts and returns. */
public abstract class StoreMail implements StoreListener {
    private final Consumer<QuorumEvent> mailbox;

    protected StoreMail(Consumer<QuorumEvent> mailbox) {
        this.mailbox = mailbox;
    }

    @Override
    public void epochStored(EpochKind kind, long epoch) {
        mailbox.accept(new QuorumEvent.EpochStored(kind, epoch));
    }

    @Override
    public void historyTruncated(long lastZxid, List<Proposal> recent) {
        mailbox.accept(new QuorumEvent.HistoryTruncated(lastZxid, recent));
    }

    @Override
    public void snapshotInstalled(long zxid) {
        mailbox.accept(new QuorumEvent.SnapshotInstalled(zxid));
    }

    @Override
    public void reloaded(long lastZxid, Resync resync, List<Proposal> recent) {
        mailbox.accept(new QuorumEvent.Reloaded(lastZxid, resync, recent));
    }

    @Override
    public void quiesced() {
        mailbox.accept(new QuorumEvent.Quiesced());
    }
}
