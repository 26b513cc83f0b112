package dev.tidewheel.history.care;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.runtime.config.DataSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Very many commits with care between them, and a few that nobody cares for. 100 by default; {@code -Dcare.commits=2800}
 * logs, for each tenth of 93 minutes of 2-second checkpoints, how the table was, and how long commits and plans took.
 */
class CareSoakTest {
    private static final Logger LOG = LoggerFactory.getLogger(CareSoakTest.class);
    /** Rounded down to whole rounds in each tenth. */
    private static final int COMMITS = Math.max(10, Integer.getInteger("care.commits", 100));
    /** As a round every 80 seconds of 2-second checkpoints; the default has as many in a tenth as in a round. */
    private static final int COMMITS_PER_ROUND = Math.min(40, COMMITS / 10);

    private static final CarePolicy POLICY =
            new CarePolicy(Duration.ZERO, 30, Optional.empty(), new DataSize(256 << 10), 8, 20, Duration.ofDays(1));

    @TempDir
    private Path folder;

    @Test
    void theTableDoesNotGrowWithTheNumberOfCommits() throws Exception {
        try (CareWorld world = new CareWorld(folder, 42)) {
            for (int tenth = 1; tenth <= 10; tenth++) {
                CareReport report = tenth(world, tenth);
                assertThat(report.conflicts()).isZero();
                assertThat(report.health().files()).as("four partitions").isLessThanOrEqualTo(4 * 20);
                assertThat(report.health().snapshots()).isLessThanOrEqualTo(POLICY.keep() + 5);
                assertThat(report.health().manifests()).isLessThanOrEqualTo(POLICY.manifests() + 5);
                assertThat(report.health().metadataBytes()).isLessThan(1 << 20);
            }
            assertThat(world.everything().get("main")).hasSize(world.written());
        }
    }

    @Test
    void aTableThatNobodyCaredForIsMendedInOneRound() throws Exception {
        int commits = Math.max(40, COMMITS / 10);
        try (CareWorld world = new CareWorld(folder, 42)) {
            for (int commit = 0; commit < commits; commit++) {
                world.commit();
            }
            plan(world); // The first one loads classes.
            TableHealth before = TableHealth.of(world.table(), 0);
            long plannedBefore = plan(world);
            TableHealth after = CareWorld.care(POLICY)
                    .run(world.table(), System.currentTimeMillis())
                    .health();
            LOG.info(
                    "{} commits without care: {}, a plan takes {} us; after one round: {}, {} us",
                    commits,
                    before,
                    plannedBefore,
                    after,
                    plan(world));

            assertThat(before.snapshots()).isEqualTo(commits);
            assertThat(before.files()).isGreaterThanOrEqualTo(commits);
            assertThat(after.snapshots()).isLessThanOrEqualTo(POLICY.keep() + 5);
            assertThat(after.files()).isLessThanOrEqualTo(4 * 20);
            assertThat(world.everything().get("main")).hasSize(world.written());
        }
    }

    /** The report of its last round. */
    private static CareReport tenth(CareWorld world, int tenth) throws Exception {
        TableCare care = CareWorld.care(POLICY);
        int rounds = COMMITS / 10 / COMMITS_PER_ROUND;
        long[] commits = new long[rounds * COMMITS_PER_ROUND];
        long[] before = new long[rounds];
        long[] after = new long[rounds];
        CareReport report = care.run(world.table(), System.currentTimeMillis());
        for (int round = 0; round < rounds; round++) {
            for (int commit = 0; commit < COMMITS_PER_ROUND; commit++) {
                long start = System.nanoTime();
                world.commit();
                commits[round * COMMITS_PER_ROUND + commit] = micros(start);
            }
            before[round] = plan(world);
            report = care.run(world.table(), System.currentTimeMillis());
            after[round] = plan(world);
        }
        LOG.info(
                "tenth {}, {} commits until then: {}; p50 and p99 of a commit {} and {} us, p50 of a plan before care {}, after {} us",
                tenth,
                tenth * commits.length,
                report.health(),
                quantile(commits, 0.5),
                quantile(commits, 0.99),
                quantile(before, 0.5),
                quantile(after, 0.5));
        return report;
    }

    /** How long it takes to find the files of the newest snapshot, microseconds, for somebody who opens the table now. */
    private static long plan(CareWorld world) throws IOException {
        long start = System.nanoTime();
        int files = 0;
        try (CloseableIterable<FileScanTask> tasks = world.table().newScan().planFiles()) {
            for (FileScanTask unused : tasks) {
                files++;
            }
        }
        assertThat(files).isPositive();
        return micros(start);
    }

    private static long micros(long start) {
        return (System.nanoTime() - start) / 1_000;
    }

    private static long quantile(long[] values, double quantile) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) (quantile * (sorted.length - 1))];
    }
}
