package dev.tidewheel.history.care;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.history.care.RowErasure.Result;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of an entity's segments go out of a table that is written as monitoring metrics are, with every byte of its name. */
class SegmentErasureTest {
    private static final TableIdentifier NAME = TableIdentifier.of("monitoring", "metrics");
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "segment", Types.StringType.get()),
            Types.NestedField.required(2, "window_start", Types.LongType.get()),
            Types.NestedField.required(3, "value", Types.LongType.get()));
    /** Short enough to stand in the bounds of files, of which 16 characters are kept, behind the column's name. */
    private static final String WHO = "qzvkxwpjh";

    private static final String THEIRS = "who=" + WHO;
    private static final List<String> SEGMENTS = List.of("all", "who=other", "who=else", THEIRS);
    private static final EntitySegments ENTITY = new EntitySegments(new TreeMap<>(Map.of("who", WHO)));

    @TempDir
    private Path folder;

    private final JdbcCatalog catalog = new JdbcCatalog();
    /** What stands in the table: the oracle. */
    private final Map<String, Long> rows = new TreeMap<>();

    @BeforeEach
    void open() {
        catalog.initialize(
                WarehouseConfig.CATALOG_NAME,
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db"))
                        .catalogProperties(FailingFileIO.class.getName()));
        catalog.createNamespace(Namespace.of("monitoring"));
        var unused = catalog.createTable(
                NAME,
                SCHEMA,
                null,
                Map.of(
                        TableProperties.FORMAT_VERSION, "2",
                        TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true",
                        TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "1"));
    }

    @AfterEach
    void close() {
        FailingFileIO.live();
        catalog.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noRowAndNoByteOfItIsLeftAndAllElseStaysAsItIs(long seed) throws IOException {
        Random random = new Random(seed);
        for (int step = 0; step < 20; step++) {
            upsert(random, step);
            if (random.nextInt(6) == 0) {
                care();
            }
        }
        upsert(1, Map.of(THEIRS, 1L));
        assertThat(grep()).as("the control: pages and bounds").hasSizeGreaterThan(3);

        Result result = erasure(false).erase();

        assertThat(result.rows()).isPositive();
        rows.keySet().removeIf(key -> key.startsWith(THEIRS));
        assertThat(read()).isEqualTo(rows);
        assertThat(erasure(false).remaining()).isEqualTo(new RowErasure.Remaining(false, true, Set.of()));
        assertThat(erasure(false).erase()).as("once more").isEqualTo(new Result(0, 0));
        care();
        care();
        assertThat(grep()).isEmpty();
        assertThat(read()).isEqualTo(rows);
        assertThat(erasure(false).remaining()).isEqualTo(new RowErasure.Remaining(false, false, Set.of()));
    }

    @Test
    void whatTheJobWritesMeanwhileGoesTooAndReplacesWhatItShould() throws IOException {
        upsert(0, Map.of("all", 1L, THEIRS, 2L));
        upsert(1, Map.of("all", 3L));
        FailingFileIO.beforeCareWrites(() -> upsert(0, Map.of("all", 4L, THEIRS, 5L, "who=else", 6L)));

        erasure(false).erase();

        assertThat(read()).isEqualTo(Map.of("all/0", 4L, "all/1", 3L, "who=else/0", 6L));
    }

    @Test
    void aTagIsNamedThatHoldsThem() throws IOException {
        upsert(0, Map.of("all", 1L, THEIRS, 2L));
        table().manageSnapshots()
                .createTag("before", table().currentSnapshot().snapshotId())
                .commit();

        erasure(false).erase();

        assertThat(erasure(false).remaining()).isEqualTo(new RowErasure.Remaining(false, false, Set.of("before")));
    }

    @Test
    void aSegmentOfAnotherNameGoesIfThatIsAsked() throws IOException {
        upsert(0, Map.of("all", 1L, "buyer=" + WHO, 2L, "buyer=" + WHO + "x", 3L));

        assertThat(erasure(false).erase()).isEqualTo(new Result(0, 0));
        assertThat(erasure(false).suspects()).isEqualTo(1);
        assertThat(erasure(true).erase().rows()).isEqualTo(1);
        assertThat(erasure(true).suspects()).isZero();
        assertThat(read()).isEqualTo(Map.of("all/0", 1L, "buyer=" + WHO + "x/0", 3L));
    }

    /** Another store is another entity, and a name is no value. */
    @Test
    void aSegmentOfAnotherValueIsAnothersHoweverMuchItLooksLikeIt() throws IOException {
        SortedMap<String, String> store = new TreeMap<>(Map.of("store", "12"));
        for (String segment : List.of("store=12-B", "store=A 12", "store=12.5", "tier_12=gold", "12=x", "all")) {
            upsert(0, Map.of(segment, 1L));
        }
        upsert(0, Map.of("shop=12", 1L, "store=12", 2L));
        SegmentErasure erasure = new SegmentErasure(table(), new EntitySegments(store), false);

        assertThat(erasure.suspects()).as("of another column, with that value").isEqualTo(1);
        assertThat(erasure.erase().rows()).isEqualTo(1);
        assertThat(new SegmentErasure(table(), new EntitySegments(store), true)
                        .erase()
                        .rows())
                .isEqualTo(1);

        rows.keySet().removeAll(List.of("shop=12/0", "store=12/0"));
        assertThat(read()).isEqualTo(rows);
    }

    /** {@code who=other} is all that is not among the top, and {@code all} is all. */
    @Test
    void whatStandsForManyIsNobodys() throws IOException {
        upsert(0, Map.of("all", 1L, "who=other", 2L, "shop=other", 3L));
        for (String value : List.of("other", "all")) {
            EntitySegments entity = new EntitySegments(new TreeMap<>(Map.of("who", value)));
            for (boolean suspects : List.of(false, true)) {
                SegmentErasure erasure = new SegmentErasure(table(), entity, suspects);

                assertThat(erasure.suspects()).isZero();
                assertThat(erasure.erase()).isEqualTo(new Result(0, 0));
            }
        }
        assertThat(read()).isEqualTo(rows);
    }

    @Test
    void whoIsKnownBySeveralColumnsIsNoSegment() {
        EntitySegments flight = new EntitySegments(new TreeMap<>(Map.of("carrier", "AA", "flight", "12")));

        assertThat(List.of("carrier=AA", "flight=12", "code=AA"))
                .extracting(flight::whose)
                .containsOnly(InferenceKeys.Whose.OTHERS);
    }

    @Test
    void aValueMayHaveTheSignInIt() {
        assertThat(new EntitySegments(new TreeMap<>(Map.of("who", "a=b"))).whose("who=a=b"))
                .isEqualTo(InferenceKeys.Whose.THEIRS);
    }

    @Test
    void aTableWithoutRowsHasNone() {
        assertThat(erasure(true).erase()).isEqualTo(new Result(0, 0));
        assertThat(erasure(true).suspects()).isZero();
    }

    @Test
    void filesThatNobodyNamesGoOnceTheJobHasCommittedLongEnoughAfterThem() throws IOException {
        upsert(0, Map.of("all", 1L));
        table().newAppend().set("flink.max-committed-checkpoint-id", "7").commit();
        Path orphan = Path.of(table().location().replaceFirst("^file:", "")).resolve("data/orphan.parquet");
        Files.writeString(orphan, WHO);
        long now = table().currentSnapshot().timestampMillis();
        assertThat(erasure(false).unnamedFiles()).isEqualTo(1);

        Files.setLastModifiedTime(orphan, FileTime.from(Instant.ofEpochMilli(now - 59 * 60_000)));
        assertThat(erasure(false).removeUnnamedFiles(Duration.ofHours(1), now + 1_000_000_000))
                .as("by the job's commit, not by the clock")
                .isZero();
        Files.setLastModifiedTime(orphan, FileTime.from(Instant.ofEpochMilli(now - 61 * 60_000)));
        assertThat(erasure(false).removeUnnamedFiles(Duration.ofHours(1), now)).isEqualTo(1);

        assertThat(orphan).doesNotExist();
        assertThat(erasure(false).unnamedFiles()).isZero();
        assertThat(read()).isEqualTo(rows);
    }

    private SegmentErasure erasure(boolean suspects) {
        return new SegmentErasure(table(), ENTITY, suspects);
    }

    private Table table() {
        return catalog.loadTable(NAME);
    }

    private void care() {
        assertThat(new TableCare(NAME.toString(), CareWorld.eager(), "training-")
                        .run(table(), System.currentTimeMillis())
                        .unfinished())
                .isEmpty();
    }

    private List<Path> grep() throws IOException {
        return new ByteGrep(WHO).files(folder.resolve("tables"));
    }

    private void upsert(Random random, int step) {
        Map<String, Long> values = new TreeMap<>();
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            values.put(SEGMENTS.get(random.nextInt(SEGMENTS.size())), random.nextLong());
        }
        upsert(step / 5, values);
    }

    private void upsert(int window, Map<String, Long> values) {
        try {
            UpsertFiles.commit(
                    table(),
                    values.entrySet().stream()
                            .map(value -> record(value.getKey(), window, value.getValue()))
                            .toList(),
                    "segment",
                    "window_start");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        values.forEach((segment, value) -> rows.put(segment + "/" + window, value));
    }

    private static Record record(String segment, long window, long value) {
        Record record = GenericRecord.create(SCHEMA);
        record.setField("segment", segment);
        record.setField("window_start", window);
        record.setField("value", value);
        return record;
    }

    private Map<String, Long> read() throws IOException {
        Map<String, Long> read = new TreeMap<>();
        try (CloseableIterable<Record> all = IcebergGenerics.read(table()).build()) {
            all.forEach(record -> assertThat(
                            read.put(record.getField("segment") + "/" + record.getField("window_start"), (Long)
                                    record.getField("value")))
                    .as("one row per key")
                    .isNull());
        }
        return read;
    }
}
