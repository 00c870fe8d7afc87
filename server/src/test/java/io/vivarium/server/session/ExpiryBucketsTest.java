/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec client-protocol 9.2. */
class ExpiryBucketsTest {
    private static final LastHeard NOBODY = id -> LastHeard.NEVER;

    private final SessionTable table = new SessionTable();
    private final ExpiryBuckets buckets = new ExpiryBuckets(1000);

    @Test
    void expiryIsRoundedUpToTheNextTick() {
        assertThat(buckets.expiryOf(0, 2000)).isEqualTo(3000);
        assertThat(buckets.expiryOf(499, 2000)).isEqualTo(3000);
        assertThat(buckets.expiryOf(999, 2000)).isEqualTo(3000);
        assertThat(buckets.expiryOf(1000, 2000)).isEqualTo(4000);
    }

    @Test
    void expiryIsRoundedUpBeforeTheOriginOfTheClockToo() {
        assertThat(buckets.expiryOf(-5500, 2000)).isEqualTo(-3000);
    }

    @Test
    void aSilentSessionExpiresWithItsBucketAndNotBefore() {
        Session session = table.open(1, 2000);
        buckets.touch(session, 500);
        assertThat(buckets.nextDeadlineMillis()).isEqualTo(3000);
        assertThat(buckets.due(2999, NOBODY)).isEmpty();
        assertThat(buckets.due(3000, NOBODY)).containsExactly(session);
        assertThat(buckets.due(9000, NOBODY)).isEmpty();
        assertThat(buckets.nextDeadlineMillis()).isEqualTo(ExpiryBuckets.NO_DEADLINE);
        assertThat(buckets.size()).isZero();
    }

    @Test
    void theWholeBucketExpiresTogether() {
        buckets.touch(table.open(1, 2000), 0);
        buckets.touch(table.open(2, 2000), 999);
        buckets.touch(table.open(3, 2000), 1000);
        assertThat(buckets.due(3000, NOBODY)).extracting(Session::id).containsExactly(1L, 2L);
    }

    @Test
    void aTouchMovesTheSessionOn() {
        Session session = table.open(1, 2000);
        buckets.touch(session, 0);
        buckets.touch(session, 2500);
        assertThat(buckets.due(4999, NOBODY)).isEmpty();
        assertThat(buckets.due(5000, NOBODY)).containsExactly(session);
    }

    @Test
    void aRenegotiatedTimeoutCountsFromTheNextTouchEvenWhenShorter() {
        Session session = table.open(1, 20_000);
        buckets.touch(session, 0);
        table.reattach(1, 2000, 1);
        buckets.touch(session, 100);
        assertThat(buckets.due(3000, NOBODY)).containsExactly(session);
    }

    @Test
    void aSessionWhoseConnectionWasHeardMeanwhileIsTouchedAtThatTime() {
        Session session = table.open(1, 2000);
        buckets.touch(session, 0);
        assertThat(buckets.due(3000, id -> 1700)).isEmpty();
        assertThat(buckets.nextDeadlineMillis()).isEqualTo(4000);
        assertThat(buckets.due(4000, id -> 1700)).containsExactly(session);
    }

    @Test
    void onlySessionsOfADueBucketAreLookedUp() {
        buckets.touch(table.open(1, 2000), 0);
        buckets.touch(table.open(2, 9000), 0);
        List<Long> asked = new ArrayList<>();
        buckets.due(3000, id -> {
            asked.add(id);
            return 2900;
        });
        assertThat(asked).containsExactly(1L);
    }

    @Test
    void aLongSilenceOfTheCallerExpiresWhatIsOverAndKeepsWhatWasHeard() {
        buckets.touch(table.open(1, 2000), 0);
        buckets.touch(table.open(2, 2000), 0);
        assertThat(buckets.due(60_000, id -> id == 1 ? 59_500 : 20_000))
                .extracting(Session::id)
                .containsExactly(2L);
        assertThat(buckets.nextDeadlineMillis()).isEqualTo(62_000);
    }

    @Test
    void aForgottenSessionDoesNotExpire() {
        Session session = table.open(1, 2000);
        buckets.touch(session, 0);
        buckets.forget(session);
        buckets.forget(session);
        assertThat(buckets.nextDeadlineMillis()).isEqualTo(ExpiryBuckets.NO_DEADLINE);
        assertThat(buckets.due(9000, NOBODY)).isEmpty();
    }

    @Test
    void newBucketsGiveEverySessionAFullTimeoutWhateverTheOldOnesSaid() {
        Session session = table.open(1, 2000);
        buckets.touch(session, 0);
        ExpiryBuckets fresh = new ExpiryBuckets(1000);
        fresh.touch(session, 50_000);
        assertThat(fresh.due(52_999, NOBODY)).isEmpty();
        assertThat(fresh.due(53_000, NOBODY)).containsExactly(session);
        assertThat(fresh.size()).isZero();
    }

    @Test
    void theDumpShowsBucketsInOrder() {
        buckets.touch(table.open(1, 2000), 0);
        buckets.touch(table.open(2, 9000), 0);
        buckets.touch(table.open(3, 2000), 0);
        assertThat(buckets.dump())
                .containsExactly(new ExpiryBucket(3000, List.of(1L, 3L)), new ExpiryBucket(10_000, List.of(2L)));
    }

    @Test
    void aTickOfZeroIsRefused() {
        assertThatThrownBy(() -> new ExpiryBuckets(0)).hasMessage("tick 0 ms is less than 1 ms");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void expiresExactlyWhenAMapOfTouchesSaysSo(long seed) {
        Random random = new Random(seed);
        Map<Long, Long> expiryOfTwin = new HashMap<>();
        Map<Long, Long> heard = new HashMap<>();
        long now = random.nextInt(100_000);
        for (int step = 0; step < 5000; step++) {
            long id = 1L + random.nextInt(30);
            Session session = table.find(id);
            int choice = random.nextInt(100);
            if (choice < 30 && session == null) {
                session = table.open(id, 1 + random.nextInt(20_000));
                buckets.touch(session, now);
                expiryOfTwin.put(id, twinExpiry(now, session));
            } else if (choice < 50 && session != null) {
                buckets.touch(session, now);
                expiryOfTwin.put(id, twinExpiry(now, session));
            } else if (choice < 80 && session != null) {
                // The connection notes the time and tells nobody; the twin is told.
                heard.put(id, now);
                expiryOfTwin.put(id, twinExpiry(now, session));
            } else if (choice < 83 && session != null) {
                buckets.forget(session);
                table.remove(id);
                expiryOfTwin.remove(id);
                heard.remove(id);
            }
            now += random.nextInt(10) == 0 ? random.nextInt(8000) : random.nextInt(200);
            long at = now;
            List<Long> expired = new ArrayList<>();
            for (Session each : buckets.due(now, i -> heard.getOrDefault(i, LastHeard.NEVER))) {
                expired.add(each.id());
                table.remove(each.id());
                heard.remove(each.id());
            }
            List<Long> expected = new ArrayList<>(expiryOfTwin.keySet());
            expected.removeIf(each -> expiryOfTwin.get(each) > at);
            expected.forEach(expiryOfTwin::remove);
            assertThat(expired).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(buckets.size()).isEqualTo(expiryOfTwin.size());
            assertThat(buckets.nextDeadlineMillis()).isGreaterThan(now);
        }
    }

    private static long twinExpiry(long now, Session session) {
        return ((now + session.timeoutMillis()) / 1000 + 1) * 1000;
    }
}
