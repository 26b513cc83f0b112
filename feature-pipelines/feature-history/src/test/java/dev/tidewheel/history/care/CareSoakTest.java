package dev.tidewheel.history.care;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.runtime.config.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Very many commits with care between them. 100 by default; {@code -Dcare.commits=20000} makes it 11 hours of 2-second
 * checkpoints, and logs how the table is and how long commits took.
 */
class CareSoakTest {
    private static final Logger LOG = LoggerFactory.getLogger(CareSoakTest.class);
    private static final int COMMITS = Integer.getInteger("care.commits", 100);
    /** As a round every 80 seconds of 2-second checkpoints. */
    private static final int COMMITS_PER_ROUND = 40;

    private static final CarePolicy POLICY =
            new CarePolicy(Duration.ZERO, 30, Optional.empty(), new DataSize(256 << 10), 8, 20, Duration.ofDays(1));

    @TempDir
    private Path folder;

    @Test
    void theTableDoesNotGrowWithTheNumberOfCommits() throws Exception {
        long[] nanos = new long[COMMITS];
        try (CareWorld world = new CareWorld(folder, 42)) {
            TableCare care = CareWorld.care(POLICY);
            CareReport report = care.run(world.table(), System.currentTimeMillis());
            for (int commit = 0; commit < COMMITS; commit++) {
                long start = System.nanoTime();
                world.commit();
                nanos[commit] = System.nanoTime() - start;
                if ((commit + 1) % COMMITS_PER_ROUND == 0) {
                    report = care.run(world.table(), System.currentTimeMillis());
                }
            }
            LOG.info(
                    "{} commits: {}; p50 of the first tenth {} us, of the last {} us; p99 {} us and {} us",
                    COMMITS,
                    report.health(),
                    quantile(nanos, 0, 0.5),
                    quantile(nanos, 9, 0.5),
                    quantile(nanos, 0, 0.99),
                    quantile(nanos, 9, 0.99));

            assertThat(report.conflicts()).isZero();
            assertThat(report.health().files()).as("four partitions").isLessThanOrEqualTo(4 * 20);
            assertThat(report.health().snapshots()).isLessThanOrEqualTo(POLICY.keep() + 5);
            assertThat(report.health().manifests()).isLessThanOrEqualTo(POLICY.manifests() + 5);
            assertThat(report.health().metadataBytes()).isLessThan(1 << 20);
            assertThat(world.everything().get("main")).hasSize(world.written());
        }
    }

    /** Of a tenth of the commits, microseconds. */
    private static long quantile(long[] nanos, int tenth, double quantile) {
        int size = nanos.length / 10;
        long[] some = Arrays.copyOfRange(nanos, tenth * size, (tenth + 1) * size);
        Arrays.sort(some);
        return some[(int) (quantile * (size - 1))] / 1_000;
    }
}
