package dev.tidewheel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.benchmarks.Workload.Stretch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    private static final long DAY = 86_400_000;
    private static final long HOUR = 3_600_000;

    private static Workload of(Workload.Skew skew) {
        return new Workload(
                100, List.of(new Stretch("history", 7_001, DAY), new Stretch("then", 3_000, HOUR)), skew, 7);
    }

    @Test
    void partitionsHoldAllEvents() {
        Workload workload = of(new Workload.Skew.Uniform());
        long[] next = new long[Workload.PARTITIONS];
        for (long event = 0; event < workload.events(); event++) {
            assertThat(Workload.offset(event)).isEqualTo(next[Workload.partition(event)]++);
        }
        for (int partition = 0; partition < next.length; partition++) {
            assertThat(Workload.nextOffset(workload.events(), partition)).isEqualTo(next[partition]);
        }
    }

    @Test
    void timesAscendOverTheSpan() {
        Workload workload = of(new Workload.Skew.Uniform());
        assertThat(LongStream.range(1, workload.events())
                        .allMatch(event -> workload.eventTime(event) >= workload.eventTime(event - 1)))
                .isTrue();
        assertThat(workload.eventTime(0)).isEqualTo(Workload.START);
        assertThat(workload.eventTime(7_001)).isEqualTo(Workload.START + DAY);
        assertThat(workload.eventTime(workload.events() - 1)).isEqualTo(Workload.START + DAY + HOUR - HOUR / 3_000);
        assertThat(workload.eventsThrough(workload.eventTime(500))).isEqualTo(501);
        assertThat(workload.eventsThrough(Long.MIN_VALUE)).isZero();
    }

    @Test
    void aHotKeyHasItsShare() {
        assertThat(counts(of(new Workload.Skew.OneHot(0.2))).get(0)).isBetween(1_800, 2_400);
        assertThat(counts(of(new Workload.Skew.Uniform()))).hasSize(100);
    }

    @Test
    void zipfFavoursTheFirst() {
        Map<Integer, Integer> counts = counts(of(new Workload.Skew.Zipf(1.1)));
        assertThat((double) counts.get(0) / counts.get(1)).isBetween(1.8, 2.6); // 2^1.1 = 2.14
    }

    @Test
    void keysInTurnComeOnceEach() {
        Workload workload = new Workload(100, List.of(Stretch.week(100)), new Workload.Skew.InTurn(), 1);
        assertThat(counts(workload))
                .hasSize(100)
                .allSatisfy((key, count) -> assertThat(count).isEqualTo(1));
    }

    @Test
    void eventsOfTheFutureAreRefused() {
        Stretch tooLong = new Stretch("history", 1, 7 * 365 * DAY);
        assertThatThrownBy(() -> new Workload(1, List.of(tooLong), new Workload.Skew.Uniform(), 1))
                .hasMessageContaining("future");
    }

    @Test
    void aReplayIsAsDenseAsItsHistory() {
        Stretch history = Stretch.week(70_000);
        assertThat(Stretch.replay(history, 10_000).spanMillis()).isEqualTo(DAY);
    }

    private static Map<Integer, Integer> counts(Workload workload) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (long event = 0; event < workload.events(); event++) {
            counts.merge(workload.keyIndex(event), 1, Integer::sum);
        }
        return counts;
    }
}
