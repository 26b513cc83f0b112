package dev.tidewheel.history.care;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.history.warehouse.RawFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowErasureTest {
    private static final String TOPIC = "events-of-a-company-with-a-long-name.a";
    /** Short enough to stand whole in the bounds of files. */
    private static final String WHO = "qzvkxwpjhtmrbd";

    @TempDir
    private Path folder;

    @AfterEach
    void revive() {
        FailingFileIO.live();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theirRowsAreEmptiedAndAllElseStaysAsItIs(long seed) throws Exception {
        Random random = new Random(seed);
        try (CareWorld world = new CareWorld(folder, seed)) {
            for (int step = 0; step < 12; step++) {
                world.commit();
                if (random.nextInt(4) == 0) {
                    CareWorld.care(CareWorld.eager()).run(world.table(), System.currentTimeMillis());
                }
            }
            Map<String, Record> before = byPlace(world.table());
            Map<String, List<long[]>> ranges = world.ranges();

            RowErasure.Result result = erasure(world, Map.of("key", "k7")).erase();

            Map<String, Record> after = byPlace(world.table());
            assertThat(after.keySet()).isEqualTo(before.keySet());
            long theirs = before.values().stream()
                    .filter(row -> "k7".equals(row.getField("key")))
                    .count();
            assertThat(result.rows()).isEqualTo(theirs);
            before.forEach((place, row) -> {
                Record now = after.get(place);
                if ("k7".equals(row.getField("key"))) {
                    assertThat(now.getField("_rejected")).isEqualTo("ERASED");
                    assertThat(now.getField("_timestamp")).isEqualTo(5L);
                    assertThat(List.of("key", "number", "amount")).allMatch(column -> now.getField(column) == null);
                } else {
                    assertThat(now).isEqualTo(row);
                }
            });
            assertThat(world.ranges().keySet()).isEqualTo(ranges.keySet());
            world.ranges()
                    .forEach((partition, files) -> assertThat(files)
                            .as("who asks for positions finds the same")
                            .usingRecursiveFieldByFieldElementComparator()
                            .isEqualTo(ranges.get(partition)));
            assertThat(erasure(world, Map.of("key", "k7")).erase()).isEqualTo(new RowErasure.Result(0, 0));
        }
    }

    @Test
    void noByteIsLeftOnceSnapshotsAndTagsAreGone() throws Exception {
        try (CareWorld world = new CareWorld(folder, 4)) {
            world.commit();
            append(world, 1_000, WHO);
            world.commit();
            tag(world, "training-before");
            ByteGrep grep = new ByteGrep(WHO);
            assertThat(grep.files(folder)).as("the control: pages and bounds").hasSizeGreaterThan(1);

            RowErasure erasure = erasure(world, Map.of("key", WHO));
            assertThat(erasure.erase().rows()).isEqualTo(1);

            assertThat(erasure.remaining()).isEqualTo(new RowErasure.Remaining(false, true, Set.of("training-before")));
            care(world);
            assertThat(grep.files(folder)).as("the tag holds it").isNotEmpty();
            assertThat(erasure(world, Map.of("key", WHO)).remaining())
                    .isEqualTo(new RowErasure.Remaining(false, false, Set.of("training-before")));
            world.table().manageSnapshots().removeTag("training-before").commit();
            care(world);
            assertThat(grep.files(folder)).isEmpty();
        }
    }

    @Test
    void aFileThatWasRewrittenMeanwhileIsErasedFromItsSuccessor() throws Exception {
        try (CareWorld world = new CareWorld(folder, 5)) {
            for (int i = 0; i < 6; i++) {
                append(world, i, "k7");
            }
            List<Integer> rewritten = new ArrayList<>();
            FailingFileIO.beforeCareWrites(() -> {
                CareReport report = CareWorld.care(CareWorld.eager()).run(world.table(), System.currentTimeMillis());
                rewritten.add(report.filesFrom());
            });

            RowErasure.Result result = erasure(world, Map.of("key", "k7")).erase();

            assertThat(rewritten)
                    .singleElement()
                    .satisfies(files -> assertThat(files).isPositive());
            assertThat(result.rows()).isEqualTo(6);
            assertThat(byPlace(world.table()).values())
                    .hasSize(6)
                    .allMatch(row -> "ERASED".equals(row.getField("_rejected")));
            assertThat(careFiles())
                    .as("the successor, and it without them: what was written in vain is removed")
                    .hasSize(2);
        }
    }

    @Test
    void severalColumnsAreOneEntityAndADoubleIsNone() throws Exception {
        try (CareWorld world = new CareWorld(folder, 6)) {
            append(world, 0, "k7");
            Object number = byPlace(world.table()).values().iterator().next().getField("number");

            assertThat(erasure(world, Map.of("key", "k8", "number", number.toString()))
                            .erase()
                            .rows())
                    .isZero();
            assertThat(erasure(world, Map.of("key", "k7", "number", number.toString()))
                            .erase()
                            .rows())
                    .isEqualTo(1);
            for (Map<String, String> nobody : List.of(
                    Map.of("amount", "1.5"), Map.of("nobody", "1"), Map.of("number", "x"), Map.of("number", "007"))) {
                assertThat(RowErasure.of(world.table(), new TreeMap<>(nobody), false))
                        .isEmpty();
            }
        }
    }

    @Test
    void aSnapshotThatExpiresWhileItIsLookedAtIsNone() throws Exception {
        try (CareWorld world = new CareWorld(folder, 7)) {
            append(world, 0, "k7");
            append(world, 1, "k8");
            Table stale = world.table();
            RowErasure erasure = RowErasure.of(stale, new TreeMap<>(Map.of("key", "k7")), false)
                    .orElseThrow();
            assertThat(erasure.erase().rows()).isEqualTo(1);
            Set<Long> before = new HashSet<>();
            stale.snapshots().forEach(snapshot -> before.add(snapshot.snapshotId()));
            // Between the list of snapshots and their files.
            RemainingRows look =
                    new RemainingRows(stale, Expressions.equal("key", "k7"), row -> expired(world, before, row));

            assertThat(look.snapshots()).isEmpty();
            assertThat(erasure.remaining()).isEqualTo(new RowErasure.Remaining(false, false, Set.of()));
        }
    }

    /** Expires all that is old, then fails as a reader whose file is gone. */
    private static boolean expired(CareWorld world, Set<Long> before, Record row) {
        CareWorld.care(CareWorld.eager()).run(world.table(), System.currentTimeMillis());
        throw new NotFoundException("gone with %s of %s", row, before);
    }

    @Test
    void eachFileIsReadOnceHoweverManySnapshotsHaveIt() throws Exception {
        try (CareWorld world = new CareWorld(folder, 8)) {
            append(world, 0, "k7");
            for (int i = 1; i < 30; i++) {
                append(world, i, "k8");
            }
            List<Record> read = new ArrayList<>();
            RemainingRows look =
                    new RemainingRows(world.table(), Expressions.equal("key", "k7"), row -> !read.add(row));

            assertThat(look.snapshots()).isEmpty();
            assertThat(read).as("of thirty snapshots that have it").hasSize(1);
        }
    }

    @Test
    void refusedRecordsThatNobodyCouldReadAreSuspects() throws Exception {
        try (CareWorld world = new CareWorld(folder, 9)) {
            world.table()
                    .updateSchema()
                    .addColumn("_key", Types.BinaryType.get())
                    .addColumn("_value", Types.BinaryType.get())
                    .commit();
            refused(world, 0, null, "{\"key\": \"" + WHO + "\"}");
            refused(world, 1, null, "{\"key\": \"somebody\"}");
            refused(world, 2, "somebody", "{\"friend\": \"" + WHO + "\"}");

            assertThat(erasure(world, Map.of("key", WHO)).erase().rows()).isZero();
            assertThat(erasure(world, Map.of("key", WHO)).suspects()).isEqualTo(1);
            RowErasure all = RowErasure.of(world.table(), new TreeMap<>(Map.of("key", WHO)), true)
                    .orElseThrow();
            assertThat(all.erase().rows()).isEqualTo(1);
            assertThat(all.suspects()).isZero();
            assertThat(byPlace(world.table()).values())
                    .filteredOn(row -> row.getField("_value") != null)
                    .hasSize(2);
        }
    }

    @Test
    void whatATableRefusedBecauseItCannotHaveTheValueIsSuspectedToo() throws Exception {
        try (CareWorld world = new CareWorld(folder, 10)) {
            world.table()
                    .updateSchema()
                    .addColumn("_key", Types.BinaryType.get())
                    .addColumn("_value", Types.BinaryType.get())
                    .commit();
            refused(world, 0, null, "{\"number\": \"" + WHO + "\"}");
            tag(world, "training-before");

            for (Map<String, String> entity : List.of(Map.of("number", WHO), Map.of("column of another table", WHO))) {
                RowErasure erasure = erasure(world, entity);
                assertThat(erasure.namesIt()).isFalse();
                assertThat(erasure.erase().rows()).isZero();
                assertThat(erasure.suspects()).isEqualTo(1);
            }
            RowErasure all = RowErasure.of(world.table(), new TreeMap<>(Map.of("number", WHO)), true)
                    .orElseThrow();
            assertThat(all.erase().rows()).isEqualTo(1);
            RowErasure after = erasure(world, Map.of("number", WHO));
            assertThat(after.suspects()).isZero();
            assertThat(after.remaining().tags())
                    .as("also for who does not ask for suspects any more")
                    .containsExactly("training-before");
        }
    }

    @Test
    void aFileThatHasNoneIsReadOnceHoweverManyCommitsItTakes() throws Exception {
        try (CareWorld world = new CareWorld(folder, 11)) {
            for (int i = 0; i < 80; i += 4) {
                append(world, i, "k7");
                Record one = world.record(TOPIC, 3, i + 1);
                one.setField("key", "k6");
                Record other = world.record(TOPIC, 3, i + 2);
                other.setField("key", "k8");
                RawFiles.append(world.table(), List.of(one, other));
            }
            Set<String> without = new HashSet<>();
            try (var files = world.table()
                    .newScan()
                    .filter(Expressions.equal("key", "k6"))
                    .planFiles()) {
                files.forEach(task -> without.add(task.file().location()));
            }
            FailingFileIO.live();

            assertThat(erasure(world, Map.of("key", "k7")).erase())
                    .as("in two commits")
                    .isEqualTo(new RowErasure.Result(20, 20));

            assertThat(without).hasSize(20).allMatch(file -> FailingFileIO.reads(file) == 1);
        }
    }

    private static void refused(CareWorld world, long offset, @Nullable String key, String value) throws IOException {
        Record row = GenericRecord.create(world.table().schema());
        row.setField("key", key);
        row.setField("_topic", TOPIC);
        row.setField("_partition", 3);
        row.setField("_offset", offset);
        row.setField("_timestamp", 5L);
        row.setField("_rejected", "UNDECODABLE");
        row.setField("_value", ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
        RawFiles.append(world.table(), List.of(row));
    }

    private static RowErasure erasure(CareWorld world, Map<String, String> entity) {
        return RowErasure.of(world.table(), new TreeMap<>(entity), false).orElseThrow();
    }

    /** Twice: the first round expires what the second finds to be nobody's. */
    private static void care(CareWorld world) throws IOException {
        world.commit();
        CareWorld.care(CareWorld.eager()).run(world.table(), System.currentTimeMillis());
        CareWorld.care(CareWorld.eager()).run(world.table(), System.currentTimeMillis());
    }

    private static void append(CareWorld world, long offset, String key) throws IOException {
        Record row = world.record(TOPIC, 3, offset);
        row.setField("key", key);
        RawFiles.append(world.table(), List.of(row));
    }

    private static void tag(CareWorld world, String name) {
        Table table = world.table();
        table.manageSnapshots()
                .createTag(name, table.currentSnapshot().snapshotId())
                .commit();
    }

    private static Map<String, Record> byPlace(Table table) {
        Map<String, Record> rows = new TreeMap<>();
        try (CloseableIterable<Record> all = IcebergGenerics.read(table).build()) {
            for (Record row : all) {
                rows.put(
                        row.getField("_topic") + "/" + row.getField("_partition") + "/" + row.getField("_offset"), row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private Set<Path> careFiles() throws IOException {
        try (var files = Files.walk(folder.resolve("tables"))) {
            return Set.copyOf(files.filter(file -> file.getFileName().toString().contains("care-"))
                    .toList());
        }
    }
}
