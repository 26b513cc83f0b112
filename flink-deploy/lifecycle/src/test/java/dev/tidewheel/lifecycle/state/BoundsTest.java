package dev.tidewheel.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.lifecycle.policy.Budget;
import dev.tidewheel.lifecycle.policy.HealthPolicy;
import dev.tidewheel.lifecycle.policy.SlotPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What would grow without end is bounded, and keeps its promises at the bound. */
final class BoundsTest {
    private static final Instant T = Instant.parse("2001-02-05T06:00:00Z");
    private static final HealthPolicy POLICY = new HealthPolicy("health", 0.01, Duration.ofSeconds(1), 20);

    @Test
    void memoryForgetsTheOldestAndSaysSo() {
        Memory memory = Memory.EMPTY;
        for (int i = 0; i < 600; i++) {
            memory = memory.remember("id-" + i, T.plusSeconds(i));
        }
        assertThat(memory.seen()).hasSize(512);
        assertThat(memory.knows("id-87")).isFalse();
        assertThat(memory.mayHaveForgotten(T.plusSeconds(87))).isTrue();
        assertThat(memory.knows("id-88")).isTrue();
        assertThat(memory.mayHaveForgotten(T.plusSeconds(88))).isFalse();
    }

    @Test
    void memoryForgetsByTime() {
        Memory memory = Memory.EMPTY.remember("old", T).remember("new", T.plus(Duration.ofDays(10)));
        Memory later = memory.forgetBefore(T.plus(Duration.ofDays(29)));
        assertThat(later.knows("old")).isFalse();
        assertThat(later.knows("new")).isTrue();
        assertThat(later.mayHaveForgotten(T.plus(Duration.ofDays(1)))).isTrue();
        assertThat(later.mayHaveForgotten(T.plus(Duration.ofDays(1)).plusMillis(1)))
                .isFalse();
    }

    @Test
    void healthIsTheSameSumHoweverManyWindows() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        HealthSums sums = HealthSums.EMPTY;
        long rows = 0;
        double worst = 0;
        for (int i = 0; i < 300; i++) {
            int count = random.nextInt(40);
            double p99 = random.nextDouble() * 100;
            HealthSums.Window window =
                    new HealthSums.Window(T.plus(Duration.ofMinutes(i)), 0, count, count / 10, Optional.of(p99));
            assertThat(sums.isNews(window)).isTrue();
            sums = sums.with(window, POLICY);
            assertThat(sums.isNews(window)).isFalse();
            rows += count;
            worst = count >= POLICY.minRows() ? Math.max(worst, p99) : worst;
        }
        assertThat(sums.windows()).hasSize(96);
        assertThat(sums.allRows()).as("seed %d", seed).isEqualTo(rows);
        assertThat(sums.worstP99(POLICY)).as("seed %d", seed).hasValue(worst);
    }

    @Test
    void healthTakesANewRevisionForTheFormerOne() {
        HealthSums sums = HealthSums.EMPTY
                .with(new HealthSums.Window(T, 0, 100, 50, Optional.of(2_000.0)), POLICY)
                .with(new HealthSums.Window(T, 1, 110, 1, Optional.of(20.0)), POLICY);
        assertThat(sums.allRows()).isEqualTo(110);
        assertThat(sums.allErrors()).isEqualTo(1);
        assertThat(sums.worstP99(POLICY)).hasValue(20);
        assertThat(sums.isNews(new HealthSums.Window(T, 0, 100, 50, Optional.empty())))
                .isFalse();
    }

    @Test
    void ledgerKeepsWhatTheBudgetCounts() {
        Budget budget = new Budget(300, Duration.ofDays(365));
        Ledger ledger = Ledger.EMPTY;
        for (int i = 0; i < 400; i++) {
            ledger = ledger.started(T.plus(Duration.ofHours(i)), budget);
        }
        assertThat(ledger.starts()).hasSize(300);
        assertThat(ledger.runs()).isEqualTo(400);
        assertThat(ledger.spent(T.plus(Duration.ofDays(30)), budget)).isEqualTo(300);
    }

    @Test
    void slotsAreUsedOnce() {
        SlotPlan plan = new SlotPlan(Duration.ofDays(7), T);
        assertThat(plan.due(T.minusMillis(1), Optional.empty())).isEmpty();
        assertThat(plan.due(T, Optional.empty())).hasValue(T);
        assertThat(plan.due(T.plus(Duration.ofDays(6)), Optional.of(T))).isEmpty();
        assertThat(plan.due(T.plus(Duration.ofDays(15)), Optional.of(T))).hasValue(T.plus(Duration.ofDays(14)));
    }
}
