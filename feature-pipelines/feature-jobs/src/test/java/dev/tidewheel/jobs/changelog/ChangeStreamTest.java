package dev.tidewheel.jobs.changelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.RandomChangeStream;
import dev.tidewheel.feature.change.RandomChangeStream.Told;
import dev.tidewheel.feature.change.RowOperation;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.FeatureJobConfig.Inject;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.route.KeyedChange;
import dev.tidewheel.jobs.route.Routed;
import dev.tidewheel.jobs.route.Router;
import dev.tidewheel.jobs.source.DebeziumJson;
import dev.tidewheel.jobs.source.RecordDecoder;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.records.DeadLetterReason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Change events from their bytes to the values of the keys, held against the meaning of the table's history. */
class ChangeStreamTest {
    private static final int MAX_PARALLELISM = 128;
    private static final List<String> KEY = List.of("id");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void rowsBeforeAsTheyCome(long seed) throws Exception {
        List<Told> told = RandomChangeStream.random(new Random(seed), 1_200, 3, false);
        RecordDecoder decoder = decoder(List.of());

        List<SourceRecord> records =
                told.stream().map(each -> decode(decoder, each)).toList();

        assertValues(seed, records, RandomChangeStream.changes(told));
    }

    /** The database tells only keys; records come again; the job is stopped and goes on with another parallelism. */
    @ParameterizedTest
    @CsvSource({"5,1,1", "6,1,3", "7,3,2", "8,2,3", "9,3,1"})
    void rowsBeforeFromTheChangelog(long seed, int parallelism, int later) throws Exception {
        List<Told> told = RandomChangeStream.random(new Random(seed), 1_200, 4, true);
        RecordDecoder decoder = decoder(KEY);
        List<SourceRecord> records =
                told.stream().map(each -> decode(decoder, each.keysOnly())).toList();
        List<SourceRecord> normalised = new ArrayList<>();

        OperatorSubtaskState first = run(records.subList(0, 500), parallelism, null, 0, normalised);
        // Nothing comes for one of the partitions: who saves it?
        List<SourceRecord> next = records.subList(500, records.size());
        OperatorSubtaskState second = run(
                next.subList(0, 60).stream()
                        .filter(each -> each.partition() != 1)
                        .toList(),
                later,
                first,
                1,
                normalised);
        List<SourceRecord> rest = new ArrayList<>(next.subList(0, 60).stream()
                .filter(each -> each.partition() == 1)
                .toList());
        rest.addAll(next.subList(60, next.size()));
        run(rest, parallelism, second, 2, normalised);

        assertThat(normalised).as("every record goes on").hasSameSizeAs(records);
        assertValues(seed, normalised, RandomChangeStream.normalised(told));
    }

    /** Runs all subtasks; the partitions lie with other subtasks than in the run before. */
    private static OperatorSubtaskState run(
            List<SourceRecord> records, int parallelism, OperatorSubtaskState from, int turn, List<SourceRecord> out)
            throws Exception {
        OperatorSubtaskState[] states = new OperatorSubtaskState[parallelism];
        for (int subtask = 0; subtask < parallelism; subtask++) {
            try (var harness = harness(RandomChangeStream.COLUMNS, parallelism, subtask)) {
                if (from != null) {
                    harness.initializeState(from);
                }
                harness.open();
                for (SourceRecord record : records) {
                    if ((record.partition() + turn) % parallelism == subtask) {
                        harness.processElement(new StreamRecord<>(record));
                    }
                }
                out.addAll(harness.extractOutputValues());
                states[subtask] = harness.snapshot(turn, turn);
            }
        }
        return AbstractStreamOperatorTestHarness.repackageState(states);
    }

    private static OneInputStreamOperatorTestHarness<SourceRecord, SourceRecord> harness(
            RowSchema columns, int parallelism, int subtask) throws Exception {
        OneInputStreamOperator<SourceRecord, SourceRecord> operator =
                new ChangelogOperator(DebeziumJson.layout("orders", RandomChangeStream.TOPIC, KEY), () -> columns);
        return new OneInputStreamOperatorTestHarness<>(operator, MAX_PARALLELISM, parallelism, subtask);
    }

    /** Routes the records and plays every key forward; each key is then what the naive oracle says. */
    private static void assertValues(long seed, List<SourceRecord> records, List<Change> expected) throws Exception {
        Map<String, List<Change>> byPlace = RandomChangeStream.byPlace(expected);
        Map<String, List<Change>> routed = route(records, 1);
        assertThat(routed.keySet()).as("seed %d", seed).isEqualTo(byPlace.keySet());
        assertThat(route(records, 3)).as("to several subtasks, seed %d", seed).isEqualTo(routed);
        ViewPlan plan = RandomChangeStream.view();
        long end = records.stream().mapToLong(SourceRecord::timestamp).max().orElseThrow();
        byPlace.forEach((place, changes) -> {
            assertThat(routed.get(place)).as("%s, seed %d", place, seed).containsExactlyInAnyOrderElementsOf(changes);
            assertThat(changes).anyMatch(Change::retraction);
            KeyState state = new KeyState(plan);
            for (Change change : routed.get(place)) {
                state.route(change, false);
                if (state.shouldFold()) {
                    state.fold();
                }
            }
            NaiveOracle oracle = new NaiveOracle(plan, changes);
            for (long t : new long[] {end + 1, end + RandomChangeStream.DAY / 2, end + 3 * RandomChangeStream.DAY}) {
                FeatureValues values = state.read(t);
                assertThat(values.row())
                        .as("%s at %d, seed %d", place, t, seed)
                        .isEqualTo(oracle.valuesAt(t).row());
                assertThat(values.statuses()).isEqualTo(oracle.valuesAt(t).statuses());
                assertThat(values.row().getLong(plan.features().slot("orders")))
                        .as("rows of %s at %d, seed %d", place, t, seed)
                        .isEqualTo(RandomChangeStream.rows(changes, t))
                        .isNotNegative();
            }
        });
    }

    private static Router router() {
        return new Router(
                "place",
                List.of("place"),
                () -> RandomChangeStream.COLUMNS,
                Duration.ofMillis(5),
                Duration.ofMillis(5),
                Inject.NONE,
                List.of());
    }

    private static Map<String, List<Change>> route(List<SourceRecord> records, int parallelism) throws Exception {
        Router router = router();
        try (OneInputStreamOperatorTestHarness<SourceRecord, Routed> harness =
                new OneInputStreamOperatorTestHarness<>(router, MAX_PARALLELISM, parallelism, 0)) {
            harness.open();
            for (SourceRecord record : records) {
                harness.processElement(new StreamRecord<>(record));
            }
            Map<String, List<Change>> byKey = new TreeMap<>();
            for (Routed routed : harness.extractOutputValues()) {
                if (routed.change() != null) {
                    add(byKey, routed.key(), routed.change().change());
                }
                KeyedChange also = routed.also();
                if (also != null) {
                    add(byKey, also.key(), also.change().change());
                }
            }
            return byKey;
        }
    }

    private static void add(Map<String, List<Change>> byKey, String key, Change change) {
        byKey.computeIfAbsent(key, unseen -> new ArrayList<>()).add(change);
    }

    private static RecordDecoder decoder(List<String> changelog) {
        return new RecordDecoder(
                DebeziumJson.layout("orders", RandomChangeStream.TOPIC, changelog), RandomChangeStream.COLUMNS);
    }

    private static SourceRecord decode(RecordDecoder decoder, Told told) {
        SourceRecord record =
                decoder.decode(told.partition(), told.offset(), told.timestamp(), null, DebeziumJson.value(told));
        assertThat(record.detail()).isEmpty();
        return record;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "true|{\"op\": \"u\", \"after\": {\"id\": 1, \"amount\": 1, \"note\": \"__debezium_unavailable_value\"}}|UNDECODABLE|have it tell whole rows (REPLICA IDENTITY FULL)",
                "false|{\"op\": \"u\", \"after\": {\"id\": 1, \"amount\": 1}}|UNDECODABLE|before is null: the old row cannot be taken away; set the table's replica identity to full, or write changelog",
                "false|{\"op\": \"d\", \"before\": null}|UNDECODABLE|before is null",
                "false|{\"op\": \"d\", \"before\": {\"id\": 1, \"amount\": 0}}|NO_EVENT_TIME|at of the deleted row is null",
                "false|{\"op\": \"u\", \"before\": {\"id\": 1}, \"after\": {\"id\": 1, \"amount\": 1}}|UNDECODABLE|in 'before': field 'amount' is missing",
                "false|{\"op\": \"c\", \"after\": null}|UNDECODABLE|op is 'c', but after is null",
                "false|{\"op\": \"t\", \"after\": null}|UNDECODABLE|op is 't'",
                "false|{\"after\": {\"id\": 1, \"amount\": 1}}|UNDECODABLE|there is no op",
                "false|{\"op\": \"c\", \"after\": {\"id\": \"x\"}}|UNDECODABLE|in 'after': field 'id' is the string",
                "true|{\"op\": \"d\", \"before\": null}|NO_KEY|there is no key",
                "true|{\"op\": \"d\", \"before\": {\"at\": 1}}|NO_KEY|primary key column 'id' is null",
                "true|[]|UNDECODABLE|no JSON object"
            })
    void whatDoesNotSayEnoughIsADeadLetter(boolean changelog, String json, DeadLetterReason reason, String detail) {
        SourceRecord record =
                decoder(changelog ? KEY : List.of()).decode(0, 0, 5, null, json.getBytes(StandardCharsets.UTF_8));

        assertThat(record.reason()).isEqualTo(reason);
        assertThat(record.detail()).contains(detail);
        assertThat(record.adds()).isFalse();
        assertThat(record.taken()).isNull();
    }

    @Test
    void bothRowsOfARecordWithoutAKeyAreLetters() throws Exception {
        Row row = new Row(5).setLong(0, 1).setLong(1, 5).setDouble(3, 1);
        SourceRecord record = decode(decoder(List.of()), new Told(0, 0, 5, RowOperation.UPDATE, row, row));
        Router router = router();
        try (var harness = new OneInputStreamOperatorTestHarness<>(router, MAX_PARALLELISM, 1, 0)) {
            harness.open();
            harness.processElement(new StreamRecord<>(record));

            assertThat(harness.getSideOutput(Router.REFUSALS))
                    .extracting(letter -> letter.getValue().stage())
                    .containsExactly("route/place" + Refusal.BEFORE, "route/place");
        }
    }

    @Test
    void aSavedRowOutlivesAChangeOfColumns() throws Exception {
        Row row = new Row(5).setLong(0, 1).setLong(1, 5).setString(2, "P").setDouble(3, 1);
        OperatorSubtaskState state;
        try (var harness = harness(RandomChangeStream.COLUMNS, 1, 0)) {
            harness.open();
            harness.processElement(
                    new StreamRecord<>(decode(decoder(KEY), new Told(0, 0, 5, RowOperation.CREATE, null, row))));
            state = harness.snapshot(1, 1);
        }
        List<Column> more = new ArrayList<>(RandomChangeStream.COLUMNS.columns());
        more.remove(4);
        more.add(0, new Column("extra", ColumnType.STRING));
        try (var harness = harness(new RowSchema(more), 1, 0)) {
            harness.initializeState(state);
            harness.open();
            RecordDecoder then = new RecordDecoder(
                    DebeziumJson.layout("orders", RandomChangeStream.TOPIC, KEY, "extra"), new RowSchema(more));
            harness.processElement(new StreamRecord<>(decode(then, new Told(0, 1, 6, RowOperation.DELETE, row, null))));

            assertThat(harness.extractOutputValues().get(0).taken().row())
                    .isEqualTo(new Row(5)
                            .setLong(1, 1)
                            .setLong(2, 5)
                            .setString(3, "P")
                            .setDouble(4, 1));
        }
        more.set(1, new Column("id", ColumnType.STRING));
        try (var harness = harness(new RowSchema(more), 1, 0)) {
            assertThatThrownBy(() -> harness.initializeState(state))
                    .hasStackTraceContaining("column 'id' was INT64 in the savepoint and is STRING");
        }
    }

    @Test
    void aChangelogThatTheSavepointDoesNotKnowIsRefused() throws Exception {
        try (var harness = harness(RandomChangeStream.COLUMNS, 1, 0)) {
            assertThatThrownBy(() -> harness.initializeState(
                            OperatorSubtaskState.builder().build()))
                    .hasStackTraceContaining("the savepoint has no changelog");
        }
    }
}
