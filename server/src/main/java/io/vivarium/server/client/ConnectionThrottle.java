/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import java.util.random.RandomGenerator;

/**
 * How many sessions may be asked for in a time: a bucket of tokens, and a probability of refusal that grows while the bucket
 * runs dry (spec client-protocol 9.6, {@code connection_throttle_*}).
 *
 * <p>Thread: any; one short lock, taken once for each connect request and only when the throttle is on. Time comes in,
 * chance is given, so a test can step it.
 */
public final class ConnectionThrottle {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Config config;
    private final RandomGenerator dice;
    private double dropProbability;
    private int tokens;
    private long filledNanos;
    private long adaptedNanos;

    /**
     * The keys {@code connection_throttle_*}.
     *
     * @param maxTokens size of the bucket; 0 switches the throttle off
     * @param fillMillis interval of refilling
     * @param fillCount tokens of one refill
     * @param freezeMillis least time between two changes of the probability; -1: nothing is refused by chance
     * @param dropIncrease step up, when the bucket is empty
     * @param dropDecrease step down, when it is fuller than {@code decreaseRatio} of its size
     */
    public record Config(
            int maxTokens,
            int fillMillis,
            int fillCount,
            int freezeMillis,
            double dropIncrease,
            double dropDecrease,
            double decreaseRatio,
            Weights weights) {
        public static final Config OFF = new Config(0, 1, 1, -1, 0, 0, 0, Weights.EQUAL);
    }

    /** Tokens that a new and a renewed session cost. */
    public record Weights(int newSession, int renewedSession) {
        public static final Weights EQUAL = new Weights(1, 1);
    }

    public ConnectionThrottle(Config config, RandomGenerator dice, long nowNanos) {
        this.config = config;
        this.dice = dice;
        this.tokens = config.maxTokens();
        this.filledNanos = nowNanos;
        this.adaptedNanos = nowNanos;
    }

    /** Whether a connect request may go on. A refused one still costs what others are short of: nothing. */
    boolean admits(long sessionId, long nowNanos) {
        if (config.maxTokens() <= 0) {
            return true;
        }
        int cost = sessionId == 0
                ? config.weights().newSession()
                : config.weights().renewedSession();
        synchronized (this) {
            refill(nowNanos);
            adapt(cost, nowNanos);
            if (dropProbability > 0 && dice.nextDouble() < dropProbability) {
                return false;
            }
            if (tokens < cost) {
                return false;
            }
            tokens -= cost;
            return true;
        }
    }

    /** Tokens that are missing in the bucket; 0 where there is no bucket. */
    int deficit() {
        if (config.maxTokens() <= 0) {
            return 0;
        }
        synchronized (this) {
            return config.maxTokens() - tokens;
        }
    }

    /** The probability of refusal now; the gauge {@code connection_drop_probability}. */
    public synchronized double dropProbability() {
        return dropProbability;
    }

    private void refill(long nowNanos) {
        long fills = (nowNanos - filledNanos) / (config.fillMillis() * NANOS_PER_MILLI);
        if (fills > 0) {
            filledNanos += fills * config.fillMillis() * NANOS_PER_MILLI;
            tokens = (int) Math.min(config.maxTokens(), tokens + fills * config.fillCount());
        }
    }

    private void adapt(int cost, long nowNanos) {
        if (config.freezeMillis() < 0 || nowNanos - adaptedNanos < config.freezeMillis() * NANOS_PER_MILLI) {
            return;
        }
        if (tokens < cost) {
            dropProbability = Math.min(1, dropProbability + config.dropIncrease());
            adaptedNanos = nowNanos;
        } else if (tokens > config.maxTokens() * config.decreaseRatio()) {
            dropProbability = Math.max(0, dropProbability - config.dropDecrease());
            adaptedNanos = nowNanos;
        }
    }
}
