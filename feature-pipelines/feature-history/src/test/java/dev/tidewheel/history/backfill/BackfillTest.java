package dev.tidewheel.history.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.books.Books;
import dev.tidewheel.history.books.DeadLetters;
import dev.tidewheel.history.books.Equation;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.scan.Share;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.Outcomes;
import dev.tidewheel.history.source.RowTable;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.warehouse.RawFiles;
import dev.tidewheel.history.warehouse.RawTable;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.erase.ErasedEntities;
import dev.tidewheel.runtime.registry.Erasures;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.warehouse.RawSchema;
import dev.tidewheel.runtime.warehouse.RawTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in a raw table after imports, and what does not. */
class BackfillTest {
    private static final int FIRST = Channels.importPartition(0);
    private static final int SECOND = Channels.importPartition(1);
    private static final long NOW = 1_000_000;
    private static final RowSchema ROW = new RowSchema(List.of(
            new Column("id", ColumnType.STRING),
            new Column("time", ColumnType.INT64),
            new Column("known", ColumnType.TIMESTAMP),
            new Column("place", ColumnType.STRING)));
    private static final String KNOWN = "knownTime: known";
    private static final String KNOWN_FIELD = ", {name: known, type: {type: long, logicalType: timestamp-millis}}";
    private static final String AT_450 = "handover: {knownTime: 1970-01-01T00:00:00.450Z}";
    private static final String SCHEMA = """
            {type: record, name: Visit, fields: [
              {name: id, type: ['null', string]},
              {name: time, type: ['null', {type: long, logicalType: timestamp-millis}]},
              {name: place, type: ['null', string]}%s]}""";

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // open() comes first.
    private Warehouse warehouse;

    @BeforeEach
    void open() {
        warehouse = Warehouse.open(
                new WarehouseConfig(folder.resolve("warehouse"), "jdbc:sqlite:" + folder.resolve("catalog.db")));
    }

    @AfterEach
    void close() {
        warehouse.close();
    }

    @Test
    void rowsStandInTheOrderInWhichTheyBecameKnown() throws IOException {
        Source source = source(KNOWN, KNOWN_FIELD);
        ImportReport report = backfill().run(rows(source, Optional.empty(), row("b", 40, 70L), row("a", 50, 60L)));

        assertThat(report.already()).isFalse();
        assertThat(report.imported())
                .usingRecursiveComparison()
                .ignoringFields("digest")
                .isEqualTo(new Imported(0, "", 2, 0, 60, 70));
        ChangeHistory raw = raw(source);
        assertThat(LongStream.range(0, 2).map(i -> raw.change((int) i).eventTime()))
                .containsExactly(50L, 40L);
        assertThat(raw.change(0).knownTime()).isEqualTo(60);
        assertThat(raw.position(0).partition()).isEqualTo(FIRST);
    }

    @Test
    void theSameImportAgainChangesNothing() throws IOException {
        Source source = source("", "");
        ImportReport first = backfill().run(rows(source, Optional.of("known"), row("a", 50, 60L)));
        long snapshot = warehouse.raw("visits").newestSnapshot().orElseThrow();
        ImportReport again = backfill().run(rows(source, Optional.of("known"), row("a", 50, 60L)));

        assertThat(again.already()).isTrue();
        assertThat(again.imported()).isEqualTo(first.imported());
        assertThat(warehouse.raw("visits").newestSnapshot()).contains(snapshot);
    }

    @Test
    void rowsThatAreNoRecordsAreKeptAsRefused() throws IOException {
        Source source = source("eventId: id", "");
        ImportReport report = backfill()
                .run(rows(
                        source,
                        Optional.of("known"),
                        row("a", 50, 60L),
                        row("b", null, 61L),
                        row(null, 52, 62L),
                        row("d", 53, null),
                        row("e", 54, NOW + 1),
                        row("f", 55, NOW)));

        assertThat(report.refused())
                .isEqualTo(Map.of(
                        DeadLetterReason.NO_EVENT_TIME, 1L,
                        DeadLetterReason.NO_EVENT_ID, 1L,
                        DeadLetterReason.NO_KNOWN_TIME, 1L,
                        DeadLetterReason.FUTURE, 1L));
        assertThat(report.isSound()).isFalse();
        assertThat(report.imported().lastKnown()).isEqualTo(NOW);
        ChangeHistory raw = raw(source);
        assertThat(raw.size()).isEqualTo(2);
        assertThat(raw.coverage().get(FIRST).records()).isEqualTo(6);
        assertThat(IntStream.range(0, 2).mapToLong(i -> raw.change(i).knownTime()))
                .as("nothing is known later than now")
                .containsExactly(60L, NOW);
    }

    @Test
    void anotherImportStandsInAnotherPartitionIfItIsNoneOfTheSame() throws IOException {
        Source source = source("", "");
        backfill().run(rows(source, Optional.of("known"), row("a", 50, 60L), row("b", 50, 80L)));

        assertThatThrownBy(() -> backfill().run(rows(source, Optional.of("known"), row("c", 50, 80L))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("import 0 of source 'visits'");
        backfill().run(rows(source, Optional.of("known"), row("c", 50, 81L)));
        assertThat(raw(source).coverage()).containsOnlyKeys(FIRST, SECOND);
        assertThat(Imported.of(table())).extracting(Imported::rows).containsExactly(2L, 1L);
    }

    @Test
    void whatTheTopicMayHaveBroughtIsNotImported() throws IOException {
        Source source = source("", "");
        appendFromKafka(source, 0, 500);

        assertThatThrownBy(() -> backfill().run(rows(source, Optional.of("known"), row("a", 50, 500L))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing says that these are others");
        backfill().run(rows(source, Optional.of("known"), row("a", 50, 499L)));
        assertThat(raw(source).coverage()).containsOnlyKeys(0, FIRST);
    }

    /** Read whole and read through: what was imported counts before the moment, what the topic brings from it on. */
    @Test
    void theMomentOfTheHandoverTellsWhoseRecordsCount() throws IOException {
        Source source = source(KNOWN + "\n  " + AT_450, KNOWN_FIELD);
        for (long known = 400; known < 600; known += 10) {
            appendFromKafka(source, known, known);
        }
        Row[] rows =
                IntStream.range(30, 50).mapToObj(i -> row("i" + i, i, 10L * i)).toArray(Row[]::new);

        ImportReport report = backfill().run(rows(source, Optional.empty(), rows));

        assertThat(report.handedOver()).isEqualTo(5);
        assertThat(report.isSound()).as("it is meant so").isTrue();
        assertThat(report.imported())
                .usingRecursiveComparison()
                .ignoringFields("digest")
                .isEqualTo(new Imported(0, "", 20, 0, 300, 490));
        Map<Integer, Set<Long>> expected = Map.of(
                FIRST,
                LongStream.range(30, 45).map(i -> 10 * i).boxed().collect(Collectors.toSet()),
                0,
                LongStream.range(45, 60).map(i -> 10 * i).boxed().collect(Collectors.toSet()));
        ChangeHistory raw = raw(source);
        assertThat(IntStream.range(0, raw.size())
                        .boxed()
                        .collect(Collectors.groupingBy(
                                i -> raw.position(i).partition(),
                                Collectors.mapping(i -> raw.change(i).knownTime(), Collectors.toSet()))))
                .isEqualTo(expected);
        assertThat(scanned(source)).isEqualTo(expected);
        assertThat(raw.coverage().get(FIRST).records()).isEqualTo(20);
        assertThat(scanned(source(KNOWN, KNOWN_FIELD)).values())
                .as("another handover")
                .extracting(Set::size)
                .containsExactlyInAnyOrder(20, 20);
    }

    /** Another handover may let all of both count, so what does not count today is looked at, too. */
    @Test
    void whatTheHandoverLeavesOutMayBeTheSameToo() throws IOException {
        Source source = source(KNOWN + "\n  " + AT_450, KNOWN_FIELD);
        backfill().run(rows(source, Optional.empty(), row("a", 50, 400L), row("b", 50, 600L)));

        assertThatThrownBy(() -> backfill().run(rows(source, Optional.empty(), row("c", 50, 500L), row("d", 50, 700L))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("import 0 of source 'visits'");
    }

    @Test
    void ofAnErasedEntityOnlyPlacesAreImported() throws IOException {
        Source source = source("", "");
        Table table = RawTables.createOrLoad(warehouse.catalog(), "visits", false, RawSchema.of(source.columns()));
        table.updateProperties()
                .set(TableProperties.PARQUET_COMPRESSION, "uncompressed")
                .commit();
        ErasureKey key = new ErasureKey("0123456789abcdef0123456789abcdef");
        Definition erasure = Erasures.record(key, new TreeMap<>(Map.of("id", "forgotten")), 0);
        Backfill without = backfill()
                .without(ErasedEntities.of(
                        Map.of(Registry.key(erasure.getKind(), erasure.getName()), erasure), Optional.of(key)));

        ImportReport report = without.run(rows(
                source,
                Optional.of("known"),
                row("forgotten", 50, 60L),
                row("remembered", 51, 61L),
                row("forgotten", null, 62L)));

        assertThat(report.refused()).isEqualTo(Map.of(DeadLetterReason.ERASED, 2L));
        assertThat(report.isSound()).isTrue();
        assertThat(raw(source).size()).isEqualTo(1);
        assertThat(raw(source).coverage().get(FIRST).records()).isEqualTo(3);
        String bytes = bytesOfTheTable();
        assertThat(bytes).contains("remembered").doesNotContain("forgotten");
    }

    private String bytesOfTheTable() throws IOException {
        StringBuilder bytes = new StringBuilder();
        try (var files = Files.walk(folder.resolve("warehouse"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return bytes.toString();
    }

    /** In the order of the columns one of them would be computed of nulls. */
    @Test
    void whatIsComputedIsNotComputedOfWhatIsComputed() throws IOException {
        Source source = source("", "");
        for (Map<String, String> columns :
                List.of(Map.of("id", "place + '!'", "place", "id"), Map.of("place", "place + '!'"))) {
            assertThatThrownBy(() -> new ForeignRows(source, foreign(row("a", 50, 60L)), Optional.of("known"), columns))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("which is computed too");
        }
    }

    @Test
    void whatTheTopicBringsMeanwhileIsHeldAgainstIt() throws IOException {
        Source source = source("", "");
        appendFromKafka(source, 0, 500);
        Backfill slow = new Backfill(warehouse.catalog(), NOW, (done, total) -> appendFromKafka(source, 1, 400));

        assertThatThrownBy(() -> slow.run(rows(source, Optional.of("known"), row("a", 50, 400L))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("say it again");
        assertThatThrownBy(() -> backfill().run(rows(source, Optional.of("known"), row("a", 50, 400L))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Imported.of(table())).isEmpty();
    }

    private Map<Integer, Set<Long>> scanned(Source source) throws IOException {
        Map<Integer, Set<Long>> known = new HashMap<>();
        RawTable raw = warehouse.raw("visits");
        raw.scan(SourceColumns.of(source), raw.newestSnapshot().orElseThrow())
                .scan(ScanFilter.of(Set.of("id")), Share.ALL, batch -> {
                    for (int row = 0; row < batch.size(); row++) {
                        if (batch.isChange(row)) {
                            known.computeIfAbsent(batch.channel(row), none -> new HashSet<>())
                                    .add(batch.knownTime(row));
                        }
                    }
                });
        return known;
    }

    @Test
    void idsAllowAnOverlapAsLongAsDeclared() throws IOException {
        appendFromKafka(source("", ""), 0, 500);
        Source source = source("eventId: id\n  handover: {overlap: 100ms}", "");

        assertThatThrownBy(() -> backfill().run(rows(source, Optional.of("known"), row("a", 50, 601L))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("handover: {knownTime: …}");
        backfill().run(rows(source, Optional.of("known"), row("a", 50, 600L)));
        assertThat(raw(source).size()).isEqualTo(2);
    }

    /** The process is killed among the rows, or before the commit: nothing of it is seen, and the next one imports all. */
    @Test
    void whatIsKilledInTheMiddleHasImportedNothing() throws IOException {
        Source source = source("", "");
        Row[] rows = IntStream.range(0, 25_000)
                .mapToObj(i -> row("v" + i, i, (long) i))
                .toArray(Row[]::new);
        Backfill killed = new Backfill(warehouse.catalog(), NOW, (done, total) -> {
            if (done > 0) {
                throw new Killed();
            }
        });
        assertThatThrownBy(() -> killed.run(rows(source, Optional.of("known"), rows)))
                .isInstanceOf(Killed.class);
        assertThat(warehouse.raw("visits").newestSnapshot()).isEmpty();
        assertThat(Imported.of(table())).isEmpty();

        backfill().run(rows(source, Optional.of("known"), rows));
        assertThat(raw(source).size()).isEqualTo(rows.length);
    }

    @Test
    void ofTwoAtOnceOneIsImported() throws IOException {
        Source source = source("", "");
        backfill().run(rows(source, Optional.of("known"), row("z", 10, 20L)));
        Backfill slow = new Backfill(
                warehouse.catalog(),
                NOW,
                (done, total) -> backfill().run(rows(source, Optional.of("known"), row("a", 50, 60L))));

        assertThatThrownBy(() -> slow.run(rows(source, Optional.of("known"), row("b", 50, 60L))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("say it again");
        assertThat(raw(source).size()).isEqualTo(2);
        assertThat(Imported.of(table())).hasSize(2);
        try (var files = Files.walk(folder.resolve("warehouse"))) {
            assertThat(files.filter(file -> file.getFileName().toString().matches("(?!\\.).*import-.*parquet")))
                    .as("what was written in vain is gone")
                    .hasSize(2);
        }
    }

    @Test
    void theJobMayCommitMeanwhile() throws IOException {
        Source source = source("", "");
        appendFromKafka(source, 0, 500);
        Backfill slow = new Backfill(warehouse.catalog(), NOW, (done, total) -> appendFromKafka(source, 1, 501));

        slow.run(rows(source, Optional.of("known"), row("a", 50, 60L)));

        assertThat(raw(source).size()).isEqualTo(3);
    }

    /** What is imported is counted where it stands, and told where it does not count. */
    @Test
    void itsBooksClose() throws IOException {
        Source source = source(KNOWN + "\n  " + AT_450, KNOWN_FIELD);
        IntStream.range(0, 10).forEach(i -> appendFromKafka(source, i, 445 + i));
        Row[] rows = IntStream.range(29, 50)
                .mapToObj(i -> row("i" + i, i, i == 29 ? null : 10L * i))
                .toArray(Row[]::new);
        backfill().run(rows(source, Optional.empty(), rows));
        ChangeHistory raw = raw(source);
        DeadLetters letters = new DeadLetters();
        LongStream.of(0, 16, 17, 18, 19, 20).mapToObj(BackfillTest::letter).forEach(letters::add);

        assertThat(raw.outcomes()).isEqualTo(Map.of(0, new Outcomes(5, 5, 0, 0), FIRST, new Outcomes(15, 5, 0, 1)));
        Books books = new Books()
                .source(raw, Map.of(0, 10L))
                .imports(raw, Imported.of(table()))
                .importLetters(raw, Set.of(FIRST), letters, 0);
        assertThat(books.equations()).hasSize(4).allMatch(Equation::holds);
        assertThat(new Books().importLetters(raw, Set.of(FIRST), letters, 2).balance())
                .as("a pipeline that has told nothing")
                .isFalse();
        ChangeHistory without = raw.without(Set.of(FIRST));
        assertThat(without.coverage()).containsOnlyKeys(0);
        assertThat(without.size()).isEqualTo(5);
        assertThat(new Books().imports(without, Imported.of(table())).balance())
                .as("an import that the table has lost")
                .isFalse();
    }

    private static DeadLetter letter(long offset) {
        return DeadLetter.newBuilder()
                .setTopic("visits")
                .setPartition(FIRST)
                .setOffset(offset)
                .setTimestamp(0)
                .setStage("decode")
                .setView(null)
                .setReason(offset == 0 ? DeadLetterReason.NO_KNOWN_TIME : DeadLetterReason.HANDED_OVER)
                .setDetail("because")
                .build();
    }

    @Test
    void aTableThatHasNotAllColumnsYetIsRefused() throws IOException {
        backfill().run(rows(source("", ""), Optional.of("known"), row("a", 50, 60L)));
        Source wider = source("", KNOWN_FIELD);

        assertThatThrownBy(() -> backfill().run(rows(wider, Optional.of("known"), row("b", 50, 70L))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no column 'known' yet");
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private Backfill backfill() {
        return new Backfill(warehouse.catalog(), NOW, (done, total) -> {});
    }

    private Table table() {
        return warehouse.catalog().loadTable(RawTables.name("visits"));
    }

    private ChangeHistory raw(Source source) {
        return warehouse.raw("visits").readNewest(SourceColumns.of(source));
    }

    private void appendFromKafka(Source source, long offset, long known) {
        Table table = RawTables.createOrLoad(warehouse.catalog(), "visits", false, RawSchema.of(source.columns()));
        Record record = GenericRecord.create(table.schema());
        record.setField("id", "k" + offset);
        record.setField("time", known - 1);
        if (source.knownTime().isPresent()) {
            record.setField("known", known);
        }
        record.setField(RawSchema.TOPIC, "visits");
        record.setField(RawSchema.PARTITION, 0);
        record.setField(RawSchema.OFFSET, offset);
        record.setField(RawSchema.TIMESTAMP, known);
        try {
            RawFiles.append(table, List.of(record));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Source source(String more, String fields) throws IOException {
        Path definitions = Files.createTempDirectory(folder, "definitions");
        Files.writeString(definitions.resolve("visits.yaml"), """
                apiVersion: tidewheel.dev/v1
                kind: Source
                metadata: {name: visits}
                spec:
                  kafka: {topic: visits, format: avro}
                  eventTime: time
                  horizon: 1d
                  %s
                  schema: %s
                """.formatted(
                        more, SCHEMA.formatted(fields).replace("\n", "")));
        return Definitions.load(definitions).orThrow().source("visits");
    }

    private static ForeignRows rows(Source source, Optional<String> known, Row... rows) {
        return new ForeignRows(source, foreign(rows), known, Map.of());
    }

    private static RowTable foreign(Row... rows) {
        RowTable.Builder builder =
                new RowTable.Builder(ROW, new Origin.Memory(List.of(rows).toString()));
        for (Row row : rows) {
            for (int slot = 0; slot < ROW.size(); slot++) {
                builder.column(slot).append(row, slot);
            }
        }
        return builder.build();
    }

    private static Row row(String id, Integer time, Long known) {
        Row row = new Row(ROW.size());
        if (id != null) {
            row.setString(0, id);
        }
        if (time != null) {
            row.setLong(1, time);
        }
        if (known != null) {
            row.setLong(2, known);
        }
        return row;
    }
}
