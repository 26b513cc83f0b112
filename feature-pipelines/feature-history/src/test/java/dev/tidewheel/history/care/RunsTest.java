package dev.tidewheel.history.care;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunsTest {
    private static final long TARGET = 6_400;
    private static final Runs RUNS = new Runs(TARGET, 4);

    @Test
    void neighboursAreJoinedAndFullFilesDivideThem() {
        assertThat(of(10, 10, 10, 10)).containsExactly(List.of(10L, 10L, 10L, 10L));
        assertThat(of(10, 10, 10)).as("too few").isEmpty();
        assertThat(of(10, 10, 10, 10, 5_000, 20, 20, 20, 20))
                .containsExactlyInAnyOrder(List.of(10L, 10L, 10L, 10L), List.of(20L, 20L, 20L, 20L));
    }

    @Test
    void anOlderFileWaitsUntilTheNewerOnesAreAsLarge() {
        assertThat(of(1_000, 100, 100, 100, 100)).containsExactly(List.of(100L, 100L, 100L, 100L));
        assertThat(of(400, 100, 100, 100, 100)).containsExactly(List.of(400L, 100L, 100L, 100L, 100L));
    }

    /** A million rounds of a bit each would write each bit 128 times if all small files were joined each time. */
    @Test
    void aRowIsWrittenFewTimes() {
        Random random = new Random(3);
        List<Long> files = new ArrayList<>();
        long come = 0;
        long written = 0;
        for (int round = 0; round < 2_000; round++) {
            for (int file = 0; file < 10; file++) {
                long size = 1 + random.nextInt(9);
                files.add(size);
                come += size;
            }
            List<List<Long>> runs = RUNS.of(files, Long::longValue);
            for (List<Long> run : runs) {
                long sum = run.stream().mapToLong(Long::longValue).sum();
                assertThat(sum).isLessThanOrEqualTo(TARGET);
                written += sum;
            }
            files = joined(files, runs);
        }
        assertThat((double) written / come).as("times").isLessThan(9);
        assertThat(files.stream().filter(RUNS::isSmall).count())
                .as("small files")
                .isLessThan(20);
    }

    /** Runs come newest first and are neighbours. */
    private static List<Long> joined(List<Long> files, List<List<Long>> runs) {
        List<Long> left = new ArrayList<>(files);
        for (List<Long> run : runs) {
            int at = lastIndexOf(left, run);
            left.subList(at, at + run.size()).clear();
            left.add(at, run.stream().mapToLong(Long::longValue).sum());
        }
        return left;
    }

    private static int lastIndexOf(List<Long> files, List<Long> run) {
        for (int at = files.size() - run.size(); ; at--) {
            if (files.subList(at, at + run.size()).equals(run)) {
                return at;
            }
        }
    }

    private static List<List<Long>> of(long... sizes) {
        List<Long> files = new ArrayList<>();
        for (long size : sizes) {
            files.add(size);
        }
        return RUNS.of(files, Long::longValue);
    }
}
