/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import java.util.List;

/** Totals over all event loops, for reports. Thread: any. Spec: operations 3.3. */
public final class ClientStats {
    private final List<IoLane> lanes;

    ClientStats(List<IoLane> lanes) {
        this.lanes = lanes;
    }

    public Totals totals() {
        Totals totals = new Totals();
        for (IoLane lane : lanes) {
            lane.counters().addTo(totals);
        }
        return totals;
    }

    public void reset() {
        for (IoLane lane : lanes) {
            lane.counters().reset();
        }
    }

    /** Sums of what the loops counted; latencies in milliseconds, sizes in bytes, -1 where nothing was seen. */
    public static final class Totals {
        private long received;
        private long sent;
        private long latencyCount;
        private long latencySum;
        private long latencyMin = -1;
        private long latencyMax;
        private long authFailed;
        private long lastReply = -1;
        private long minReply = -1;
        private long maxReply = -1;

        void add(long received, long sent, long count, long sum, long min, long max, long authFailed) {
            this.received += received;
            this.sent += sent;
            this.latencyCount += count;
            this.latencySum += sum;
            this.latencyMin = smaller(latencyMin, min);
            this.latencyMax = Math.max(latencyMax, max);
            this.authFailed += authFailed;
        }

        void addReplies(long last, long min, long max) {
            lastReply = Math.max(lastReply, last);
            minReply = smaller(minReply, min);
            maxReply = Math.max(maxReply, max);
        }

        private static long smaller(long a, long b) {
            return a < 0 ? b : b < 0 ? a : Math.min(a, b);
        }

        public long received() {
            return received;
        }

        public long sent() {
            return sent;
        }

        public long latencyMinMillis() {
            return Math.max(0, latencyMin);
        }

        public long latencyMaxMillis() {
            return latencyMax;
        }

        /** Mean latency in milliseconds; 0 where nothing was seen. */
        public double latencyMeanMillis() {
            return latencyCount == 0 ? 0 : (double) latencySum / latencyCount;
        }

        public long authFailed() {
            return authFailed;
        }

        public long lastReplyBytes() {
            return lastReply;
        }

        public long minReplyBytes() {
            return minReply;
        }

        public long maxReplyBytes() {
            return maxReply;
        }
    }
}
