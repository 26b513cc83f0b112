package dev.tidewheel.feature.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the order and grouping of merges: no estimate is above the truth, or further below it than the bound. */
class FrequentBoundTest {
    private static final Pattern ENTRY = Pattern.compile("\\[(-?\\d+),(\\d+)]");

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3", "3, 8", "4, 20", "5, 64", "6, 500"})
    void estimatesAreWithinTheBound(long seed, int counters) {
        Random random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            BoundAggregate<?> aggregate = Aggregates.byName("frequent")
                    .bind(Operands.of(ColumnType.INT64), Map.of("k", 1_000.0, "counters", (double) counters));
            Map<Long, Long> truth = new HashMap<>();
            Accumulator<?> total = summary(aggregate, random, truth);
            String value = Fold.of(aggregate).value();
            assertThat(value).isEqualTo("NULL");
            long n = truth.values().stream().mapToLong(Long::longValue).sum();
            check(estimates(aggregate, total), truth, n, n / (counters + 1), "seed " + seed + ", round " + round);
        }
    }

    private static Accumulator<?> summary(BoundAggregate<?> aggregate, Random random, Map<Long, Long> truth) {
        List<Accumulator<?>> parts = new ArrayList<>();
        for (int part = 1 + random.nextInt(12); part > 0; part--) {
            Accumulator<?> summary = aggregate.partial().create();
            int skew = 1 + random.nextInt(4);
            for (int i = random.nextInt(400); i >= 0; i--) {
                long item = (long) (200 * Math.pow(random.nextDouble(), skew));
                summary.add(new Row(1).setLong(0, item), 0, 0, EventId.of(i));
                truth.merge(item, 1L, Long::sum);
            }
            parts.add(summary);
        }
        while (parts.size() > 1) {
            Accumulator<?> one = parts.remove(random.nextInt(parts.size()));
            aggregate.partial().merge(parts.get(random.nextInt(parts.size())), one);
        }
        return parts.get(0);
    }

    private static Map<Long, Long> estimates(BoundAggregate<?> aggregate, Accumulator<?> total) {
        Row out = new Row(1);
        aggregate.finish(total, new ReadPoint(0, 0), out, 0);
        Map<Long, Long> estimates = new HashMap<>();
        Matcher entry = ENTRY.matcher(String.valueOf(out.getString(0)));
        while (entry.find()) {
            estimates.put(Long.valueOf(entry.group(1)), Long.valueOf(entry.group(2)));
        }
        return estimates;
    }

    private static void check(Map<Long, Long> estimates, Map<Long, Long> truth, long n, long bound, String place) {
        estimates.forEach((item, estimate) -> assertThat(estimate)
                .as("%s, item %d of %d", place, item, n)
                .isPositive()
                .isLessThanOrEqualTo(truth.getOrDefault(item, 0L)));
        truth.forEach((item, count) -> assertThat(estimates.getOrDefault(item, 0L))
                .as("%s, item %d of %d", place, item, n)
                .isGreaterThanOrEqualTo(count - bound));
    }
}
