/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

/** Serves nobody: whoever comes is let go without a word and tries another server (spec quorum 5.7). Thread: core. */
final class ClosedStage implements RequestStage {
    static final ClosedStage INSTANCE = new ClosedStage();

    private ClosedStage() {}

    @Override
    public void openSession(SessionRequest request) {
        request.link().hangUp();
    }

    @Override
    public void resumeSession(SessionRequest request) {
        request.link().hangUp();
    }

    @Override
    public void write(WriteRequest request) {
        ClientLink link = request.link();
        if (link != null) {
            link.hangUp();
        }
    }

    @Override
    public void disconnected(ClientLink link) {
        // Its session, if it had one, is the next leader's to expire.
    }

    @Override
    public void applied(Proposal proposal) {
        // What an earlier term left in the log; whoever asked for it has been let go.
    }

    @Override
    public void onTime() {
        // Nothing falls due.
    }

    @Override
    public long nextDeadlineNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public void end() {
        // Nobody waits.
    }
}
