package dev.tidewheel.history.care;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.history.warehouse.RawFiles;
import dev.tidewheel.runtime.config.DataSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Dcare.moment=1} has a process die at every single change of the disk, not at every third. */
class TableCareTest {
    private static final int MOMENT = Integer.getInteger("care.moment", 3);
    private static final String CHECKPOINT = "flink.max-committed-checkpoint-id";

    @TempDir
    private Path folder;

    @AfterEach
    void revive() {
        FailingFileIO.live();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noRowOfTheHeadOrATagEverChanges(long seed) throws Exception {
        Random random = new Random(seed);
        try (CareWorld world = new CareWorld(folder, seed)) {
            world.commit();
            for (int step = 0; step < 40; step++) {
                switch (random.nextInt(8)) {
                    case 0 -> {
                        Map<String, List<String>> before = world.everything();
                        CareWorld.care(policy(random)).run(world.table(), System.currentTimeMillis());
                        assertThat(world.everything()).as("step %d", step).isEqualTo(before);
                    }
                    case 1 -> {
                        Table table = world.table();
                        table.manageSnapshots()
                                .createTag("tag" + step, table.currentSnapshot().snapshotId())
                                .commit();
                    }
                    default -> world.commit();
                }
            }
            Map<String, List<String>> before = world.everything();

            CareReport report = CareWorld.care(CareWorld.eager()).run(world.table(), System.currentTimeMillis());

            assertThat(world.everything()).isEqualTo(before);
            assertThat(report.conflicts()).isZero();
            assertThat(report.health().tags()).hasSize(before.size() - 1);
            assertThat(report.health().snapshots()).isLessThanOrEqualTo(before.size() + 2);
            assertThat(world.ranges().values()).allSatisfy(TableCareTest::areDisjoint);
            assertThat(report.health().files()).as("four partitions").isLessThanOrEqualTo(8);
        }
    }

    private static CarePolicy policy(Random random) {
        return new CarePolicy(
                Duration.ZERO,
                1 + random.nextInt(4),
                Optional.empty(),
                new DataSize(4_096L << random.nextInt(6)),
                2 + random.nextInt(4),
                2 + random.nextInt(10),
                Duration.ofMinutes(10));
    }

    private static void areDisjoint(List<long[]> ranges) {
        for (int i = 1; i < ranges.size(); i++) {
            assertThat(ranges.get(i)[0]).isGreaterThan(ranges.get(i - 1)[1]);
        }
    }

    @Test
    void whoeverDiesAtAnyMomentLeavesATableThatCanBeReadAndCaredFor() throws Exception {
        try (CareWorld world = new CareWorld(folder, 7)) {
            int changes = 0;
            boolean died = true;
            while (died) {
                world.commit();
                world.commit();
                if (changes % 30 == 0) {
                    Table table = world.table();
                    table.manageSnapshots()
                            .createTag(
                                    "training-" + changes,
                                    table.currentSnapshot().snapshotId())
                            .commit();
                }
                Map<String, List<String>> before = world.everything();

                died = diesAfter(changes, world);

                assertThat(world.everything())
                        .as("after a death after %d changes", changes)
                        .isEqualTo(before);
                changes += MOMENT;
            }
            assertThat(changes).as("changes of the disk").isGreaterThan(20);

            world.commit();
            Map<String, List<String>> before = world.everything();
            CareReport last = CareWorld.care(CareWorld.eager()).run(world.table(), System.currentTimeMillis());
            assertThat(last.unfinished()).isEmpty();
            assertThat(world.everything()).isEqualTo(before);
        }
    }

    /** Whether care had so much to do. */
    private static boolean diesAfter(int changes, CareWorld world) {
        FailingFileIO.dieAfter(changes);
        try {
            CareWorld.care(CareWorld.eager()).run(world.table(), System.currentTimeMillis());
        } catch (RuntimeException | FailingFileIO.Death dead) {
            assertThat(FailingFileIO.died()).as("only by its death: %s", dead).isTrue();
        }
        boolean died = FailingFileIO.died();
        FailingFileIO.live();
        return died;
    }

    @Test
    void anotherCommitBeforeOursIsKeptAndTheWorkIsDoneAnew() throws Exception {
        try (CareWorld world = new CareWorld(folder, 3)) {
            for (int i = 0; i < 5; i++) {
                world.commit();
            }
            List<String> removed = new ArrayList<>();
            FailingFileIO.beforeCareWrites(() -> removed.add(removeAFile(world)));

            CareReport report = CareWorld.care(CareWorld.eager()).run(world.table(), System.currentTimeMillis());

            assertThat(removed).hasSize(1);
            assertThat(report.conflicts()).isEqualTo(1);
            assertThat(report.unfinished()).isEmpty();
            assertThat(report.filesInto()).isPositive();
            assertThat(world.everything().get("main"))
                    .isEqualTo(world.everything().get("kept"));
        }
    }

    @Test
    void whereOthersAlwaysComeFirstTheStepIsLeftAndTheirsStays() throws Exception {
        try (CareWorld world = new CareWorld(folder, 4)) {
            for (int i = 0; i < 12; i++) {
                world.commit();
            }
            againAndAgain(world);

            CareReport report = CareWorld.care(CareWorld.eager()).run(world.table(), System.currentTimeMillis());

            assertThat(report.conflicts()).isEqualTo(3);
            assertThat(report.unfinished()).containsExactly("files");
            assertThat(report.filesInto()).isZero();
            assertThat(world.everything().get("main"))
                    .isEqualTo(world.everything().get("kept"));
            assertThat(dataFiles())
                    .noneMatch(file -> file.getFileName().toString().contains("care-"));
        }
    }

    private static void againAndAgain(CareWorld world) {
        FailingFileIO.beforeCareWrites(() -> {
            removeAFile(world);
            againAndAgain(world);
        });
    }

    /** What a tool that erases does; tags what is right from now on. */
    private static String removeAFile(CareWorld world) {
        Table table = world.table();
        DataFile first;
        try (CloseableIterable<FileScanTask> files = table.newScan().planFiles()) {
            first = files.iterator().next().file().copy();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        table.newDelete().deleteFile(first).commit();
        long right = table.currentSnapshot().snapshotId();
        if (table.refs().containsKey("kept")) {
            table.manageSnapshots().replaceTag("kept", right).commit();
        } else {
            table.manageSnapshots().createTag("kept", right).commit();
        }
        return first.location();
    }

    @Test
    void aJobThatCommitsAllTheTimeLosesNothing() throws Exception {
        try (CareWorld world = new CareWorld(folder, 5);
                CareWorld ours = new CareWorld(folder, 6)) {
            CompletableFuture<Void> job = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < 40; i++) {
                        world.commit();
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            TableCare care = CareWorld.care(CareWorld.eager());
            while (!job.isDone()) {
                care.run(ours.table(), System.currentTimeMillis());
            }
            job.join();
            care.run(ours.table(), System.currentTimeMillis());

            assertThat(world.everything().get("main")).hasSize(world.written());
            assertThat(world.ranges().values()).allSatisfy(TableCareTest::areDisjoint);
        }
    }

    @Test
    void theNewestCommitOfAJobStaysAndCanBeReachedFromTheHead() throws Exception {
        try (CareWorld world = new CareWorld(folder, 8)) {
            for (int i = 0; i < 4; i++) {
                world.commit();
            }
            world.table()
                    .newAppend()
                    .set(CHECKPOINT, "17")
                    .set("flink.job-id", "job")
                    .commit();
            for (int i = 0; i < 5; i++) {
                world.commit();
                CareWorld.care(CareWorld.eager()).run(world.table(), System.currentTimeMillis());
            }

            Table table = world.table();
            Snapshot at = table.currentSnapshot();
            while (!at.summary().containsKey(CHECKPOINT)) {
                assertThat(at.parentId()).isNotNull();
                at = table.snapshot(at.parentId());
                assertThat(at).as("a snapshot of the chain").isNotNull();
            }
            assertThat(table.snapshot(at.parentId())).as("older than the job's").isNull();
        }
    }

    @Test
    void onlyFilesThatTheTableHasLongGoneBeyondAreOrphans() throws Exception {
        try (CareWorld world = new CareWorld(folder, 9)) {
            world.commit();
            world.commit();
            Table table = world.table();
            checkpoint(table);
            long last = table.currentSnapshot().timestampMillis();
            Path old = orphan(table, last - Duration.ofMinutes(11).toMillis());
            Path young = orphan(table, last - Duration.ofMinutes(9).toMillis());
            Path ofAJobThatStandsStill = orphan(table, last + 1);
            for (Path named : dataFiles()) {
                if (!List.of(old, young, ofAJobThatStandsStill).contains(named)) {
                    Files.setLastModifiedTime(named, FileTime.fromMillis(0));
                }
            }
            Map<String, List<String>> before = world.everything();

            CareReport report = CareWorld.care(CareWorld.eager())
                    .run(world.table(), last + Duration.ofDays(400).toMillis());

            assertThat(report.orphans()).isEqualTo(1);
            assertThat(report.orphanBytes()).isEqualTo(3);
            assertThat(old).doesNotExist();
            assertThat(young).exists();
            assertThat(ofAJobThatStandsStill).exists();
            assertThat(world.everything()).isEqualTo(before);
        }
    }

    /** They are named by one commit at the end, however often the job commits before. */
    @Test
    void filesOfCareAndOfImportsAreNoOrphansWithinADay() throws Exception {
        try (CareWorld world = new CareWorld(folder, 15)) {
            world.commit();
            Table table = world.table();
            checkpoint(table);
            long last = table.currentSnapshot().timestampMillis();
            List<Path> young = new ArrayList<>();
            List<Path> old = new ArrayList<>();
            for (String writer : List.of("care-", "import-")) {
                young.add(orphan(table, writer, last - Duration.ofHours(23).toMillis()));
                old.add(orphan(table, writer, last - Duration.ofHours(25).toMillis()));
            }

            CareReport report = CareWorld.care(CareWorld.eager()).run(world.table(), last);

            assertThat(report.orphans()).isEqualTo(2);
            assertThat(young).allSatisfy(file -> assertThat(file).exists());
            assertThat(old).allSatisfy(file -> assertThat(file).doesNotExist());
        }
    }

    /** A job that stands may still commit what it wrote, whoever else commits meanwhile. */
    @Test
    void theCommitOfAnImportSaysNothingAboutTheJob() throws Exception {
        try (CareWorld world = new CareWorld(folder, 16)) {
            world.commit();
            world.commit();
            Path ofTheJob = orphan(world.table(), 0);

            CareReport report = CareWorld.care(CareWorld.eager()).run(world.table(), System.currentTimeMillis());

            assertThat(report.orphans()).isZero();
            assertThat(ofTheJob).exists();
        }
    }

    @Test
    void behindALinkFilesAreFound() throws Exception {
        try (CareWorld world = new CareWorld(folder, 10)) {
            world.commit();
            world.commit();
            Table table = world.table();
            checkpoint(table);
            Path orphan = orphan(table, 0);
            Path moved = folder.resolve("moved");
            Files.move(Path.of(table.location()), moved);
            Files.createSymbolicLink(Path.of(table.location()), moved);
            Map<String, List<String>> before = world.everything();

            CareReport report = CareWorld.care(CareWorld.eager()).run(world.table(), System.currentTimeMillis());

            assertThat(report.orphans()).isEqualTo(1);
            assertThat(orphan).doesNotExist();
            assertThat(world.everything()).isEqualTo(before);
        }
    }

    @Test
    void inAFolderThatIsNotTheTablesNothingIsRemoved() throws Exception {
        try (CareWorld world = new CareWorld(folder, 14)) {
            world.commit();
            world.commit();
            checkpoint(world.table());
            Path elsewhere = folder.resolve("elsewhere");
            Files.createDirectories(elsewhere.resolve("data"));
            world.table().updateLocation().setLocation(elsewhere.toString()).commit();
            Path others = orphan(world.table(), 0);

            assertThatThrownBy(() -> CareWorld.care(CarePolicy.DEFAULT).run(world.table(), System.currentTimeMillis()))
                    .hasMessageContaining("no file is removed");
            assertThat(others).exists();
        }
    }

    @Test
    void aTagIsReleasedByItsAgeOnlyWhereThePolicySaysSo() throws Exception {
        try (CareWorld world = new CareWorld(folder, 11)) {
            world.commit();
            Table table = world.table();
            long snapshot = table.currentSnapshot().snapshotId();
            table.manageSnapshots()
                    .createTag("training-m-1", snapshot)
                    .createTag("audit", snapshot)
                    .commit();
            long later = System.currentTimeMillis() + Duration.ofDays(100).toMillis();

            assertThat(CareWorld.care(CareWorld.eager())
                            .run(world.table(), later)
                            .releasedTags())
                    .isEmpty();
            CarePolicy aged = new CarePolicy(
                    Duration.ZERO,
                    1,
                    Optional.of(Duration.ofDays(90)),
                    new DataSize(1 << 20),
                    2,
                    2,
                    Duration.ofMinutes(10));
            CareReport report = CareWorld.care(aged).run(world.table(), later);

            assertThat(report.releasedTags()).containsExactly("training-m-1");
            assertThat(report.health().tags()).containsOnlyKeys("audit");
        }
    }

    @Test
    void aFileInNoOrderIsLeftAsItIs() throws Exception {
        try (CareWorld world = new CareWorld(folder, 12)) {
            List<Record> rows = new ArrayList<>();
            for (long offset : new long[] {0, 2, 1}) {
                rows.add(world.record("events", 0, offset));
            }
            RawFiles.append(world.table(), rows);
            for (long offset = 3; offset < 6; offset++) {
                RawFiles.append(world.table(), List.of(world.record("events", 0, offset)));
            }
            Map<String, List<String>> before = world.everything();

            TableCare care = CareWorld.care(CareWorld.eager());
            care.run(world.table(), System.currentTimeMillis());
            care.run(world.table(), System.currentTimeMillis());

            assertThat(world.everything()).isEqualTo(before);
            assertThat(world.ranges().values().iterator().next()).containsExactly(new long[] {0, 2}, new long[] {3, 5});
        }
    }

    @Test
    void aColumnThatCameLaterIsNullInWhatWasWrittenBefore() throws Exception {
        try (CareWorld world = new CareWorld(folder, 13)) {
            world.commit();
            world.commit();
            world.table()
                    .updateSchema()
                    .addColumn("later", Types.LongType.get())
                    .updateColumn("number", Types.LongType.get())
                    .commit();
            // The newest snapshot is read with the columns that it was committed with.
            world.table().newAppend().commit();
            Map<String, List<String>> before = world.everything();

            CareReport report = CareWorld.care(CareWorld.eager()).run(world.table(), System.currentTimeMillis());

            assertThat(report.filesInto()).isPositive();
            assertThat(world.everything()).isEqualTo(before);
        }
    }

    /** As Flink's committer does, without a row. */
    private static void checkpoint(Table table) {
        table.newAppend().set(CHECKPOINT, "7").commit();
    }

    private static Path orphan(Table table, long writtenAt) throws IOException {
        return orphan(table, "orphan-", writtenAt);
    }

    private static Path orphan(Table table, String writer, long writtenAt) throws IOException {
        Path file = Path.of(table.location(), "data", writer + writtenAt + ".parquet");
        Files.write(file, new byte[3]);
        Files.setLastModifiedTime(file, FileTime.fromMillis(writtenAt));
        return file;
    }

    private List<Path> dataFiles() throws IOException {
        try (var files = Files.walk(folder.resolve("tables"))) {
            return files.filter(file -> file.toString().endsWith(".parquet")).toList();
        }
    }
}
