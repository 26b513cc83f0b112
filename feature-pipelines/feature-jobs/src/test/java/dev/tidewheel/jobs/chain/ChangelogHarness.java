package dev.tidewheel.jobs.chain;

import dev.tidewheel.feature.chain.ChangelogRecords;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.route.KeyedChange;
import dev.tidewheel.jobs.route.RoutedChange;
import dev.tidewheel.jobs.source.RecordDecoder;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.source.SourceRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/**
 * Runs the teller of one of a program's views: watermarks at random places, as great as is true; checkpoints; crashes, after
 * which everything since the checkpoint comes again. What was told before a crash has been told.
 */
final class ChangelogHarness {
    /** Plans do not travel in the job graph, numbers do. */
    private static final Map<Long, ViewPlan> PLANS = new ConcurrentHashMap<>();

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final RandomProgram program;
    private final ViewPlan plan;
    private final Random random;
    private final boolean rocksdb;
    private final RecordDecoder decoder;
    private final long number = NUMBERS.incrementAndGet();
    private final List<Change> told = new ArrayList<>();
    private KeyedOneInputStreamOperatorTestHarness<String, KeyedChange, ToldRecord> harness;
    private long behind;
    private int crashes;

    ChangelogHarness(RandomProgram program, ViewPlan plan) {
        this.program = program;
        this.plan = plan;
        random = new Random(program.seed());
        rocksdb = random.nextInt(4) == 0;
        RowSchema schema = new ChangelogRecords(plan).schema();
        decoder = new RecordDecoder(
                new SourceLayout(
                        "changelog",
                        "changelog",
                        avro(schema),
                        ChangelogRecords.EVENT_TIME,
                        ChangelogRecords.KNOWN_TIME,
                        ChangelogRecords.EVENT_ID),
                schema);
        PLANS.put(number, plan);
    }

    /** Every record once, in the order in which they were first told. */
    Map<String, Change> distinct() {
        Map<String, Change> distinct = new LinkedHashMap<>();
        told.forEach(change -> distinct.putIfAbsent(change.id().text(), change));
        return distinct;
    }

    /** All records, those too that were told again. */
    List<Change> told() {
        return List.copyOf(told);
    }

    /** How many changes came behind the watermark. */
    long behind() {
        return behind;
    }

    int crashes() {
        return crashes;
    }

    void run() throws Exception {
        try {
            play();
        } finally {
            PLANS.remove(number);
        }
    }

    private void play() throws Exception {
        open(null);
        OperatorSubtaskState checkpoint = null;
        int from = 0;
        int next = 0;
        while (next < program.arrivals().size()) {
            send(program.arrivals().get(next++));
            int event = random.nextInt(60);
            if (event < 10) {
                watermark(next);
            } else if (event == 10) {
                checkpoint = checkpoint();
                from = next;
            } else if (event == 11 && crashes < 3) {
                crashes++;
                take();
                harness.getOperator().close();
                open(checkpoint);
                next = from;
            } else if (event == 12) {
                OperatorSubtaskState stopped = checkpoint();
                take();
                harness.close();
                open(stopped);
            }
        }
        harness.processWatermark(Long.MAX_VALUE);
        take();
        harness.close();
    }

    private void open(OperatorSubtaskState from) throws Exception {
        long mine = number;
        ChainSpec spec = new ChainSpec(
                "tidewheel.changelog.v.0",
                new SourceLayout("program", RandomProgram.TOPIC, "{}", null, null, program.declaresIds() ? "id" : null),
                RandomProgram.HORIZON,
                RandomProgram::source,
                plan.spec().name(),
                () -> PLANS.get(mine));
        harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new ChainOperator(spec), KeyedChange::key, Types.STRING, 8, 1, 0);
        harness.setStateBackend(rocksdb ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend());
        if (from != null) {
            harness.initializeState(from);
        }
        harness.open();
    }

    private OperatorSubtaskState checkpoint() throws Exception {
        harness.prepareSnapshotPreBarrier(1);
        return harness.snapshot(1, 1);
    }

    private void send(Arrival arrival) throws Exception {
        Change change = arrival.change();
        RoutedChange routed = new RoutedChange(
                arrival.partition(),
                arrival.offset(),
                arrival.timestamp(),
                change.id().text(),
                change.id().high(),
                change.id().low(),
                change.eventTime(),
                change.knownTime(),
                change.row().words(),
                change.row().strings(),
                change.row().nulls(),
                change.retraction());
        harness.processElement(
                new StreamRecord<>(new KeyedChange(plan.entityKey(change.row()).orElseThrow(), routed)));
    }

    /** Nothing known before it is still to come. */
    private void watermark(int arrived) throws Exception {
        long least = program.arrivals().subList(arrived, program.arrivals().size()).stream()
                .mapToLong(arrival -> arrival.change().knownTime())
                .min()
                .orElse(Long.MAX_VALUE);
        harness.processWatermark(least);
    }

    private void take() {
        for (Object each : harness.getOutput()) {
            if (each instanceof StreamRecord<?> record) {
                byte[] value = ((ToldRecord) record.getValue()).value();
                SourceRecord decoded = decoder.decode(0, told.size(), 0, null, value);
                if (!decoded.accepted()) {
                    throw new AssertionError("cannot be read back: " + decoded.detail());
                }
                told.add(decoded.change());
            }
        }
        Queue<?> refused = harness.getSideOutput(ChainOperator.REFUSALS);
        behind += refused == null ? 0 : refused.size();
        harness.getOutput().clear();
    }

    private static String avro(RowSchema schema) {
        return schema.columns().stream()
                .map(column -> "{\"name\":\"" + column.name() + "\",\"type\":[\"null\"," + type(column) + "]}")
                .collect(Collectors.joining(",", "{\"type\":\"record\",\"name\":\"Told\",\"fields\":[", "]}"));
    }

    private static String type(Column column) {
        return switch (column.type()) {
            case INT64 -> "\"long\"";
            case FLOAT64 -> "\"double\"";
            case BOOL -> "\"boolean\"";
            case STRING, JSON -> "\"string\"";
            case TIMESTAMP -> "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}";
        };
    }
}
