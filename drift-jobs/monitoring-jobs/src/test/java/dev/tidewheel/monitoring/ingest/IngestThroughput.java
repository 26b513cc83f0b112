package dev.tidewheel.monitoring.ingest;

import dev.tidewheel.drift.profile.ProfileBuilder;
import dev.tidewheel.drift.profile.ProfileJson;
import dev.tidewheel.monitoring.Story;
import dev.tidewheel.monitoring.log.Log;
import dev.tidewheel.monitoring.log.LogRecord;
import dev.tidewheel.monitoring.window.CellUpdate;
import dev.tidewheel.records.DefinedColumn;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Inference;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.registry.ServingRecords;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/**
 * Measures, asserts nothing, and is run by name alone: rows per second of processor time, of one subtask that decodes inferences of 27
 * numbers and counts them, for one monitor, without segments and with two.
 */
class IngestThroughput {
    private static final int FEATURES = 27;
    private static final int ROWS = 40_000;
    private static final int ROUNDS = 4;

    private final Random random = new Random(1);

    @Test
    void measure() throws Exception {
        run("no segments", Story.MONITOR_BODY.replace("segments: [origin, carrier]", "segments: []"));
        run("two segments", Story.MONITOR_BODY.replace("carrier", "destination"));
    }

    private void run(String name, String monitor) throws Exception {
        List<LogRecord> rows = rows();
        FakeEndOffsets ends = new FakeEndOffsets("throughput");
        ends.written(Log.DEFINITIONS, 3);
        try (OneInputStreamOperatorTestHarness<LogRecord, CellUpdate> harness =
                new OneInputStreamOperatorTestHarness<>(new IngestOperator(ends, true, Story.HOUR))) {
            harness.open();
            long offset = 0;
            for (Definition definition : definitions(monitor)) {
                byte[] key = (definition.getKind() + "/" + definition.getName()).getBytes(StandardCharsets.UTF_8);
                byte[] value = RecordSerde.of(Definition.class).encode(definition);
                harness.processElement(new StreamRecord<>(new LogRecord(Log.DEFINITIONS, 0, offset++, key, value)));
            }
            double best = 0;
            for (int round = 0; round < ROUNDS; round++) {
                long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                for (LogRecord row : rows) {
                    harness.processElement(new StreamRecord<>(row));
                }
                harness.prepareSnapshotPreBarrier(round);
                best = Math.max(
                        best, ROWS * 1e9 / (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start));
                harness.getOutput().clear();
                harness.getSideOutput(IngestOperator.LABELS).clear();
            }
            System.out.printf(
                    "%s: %,.0f rows/s, %,.0f values/s (best of %d rounds)%n", name, best, best * FEATURES, ROUNDS);
        }
    }

    private List<Definition> definitions(String monitor) {
        int rows = 5_000;
        long[] times = new long[rows];
        double[] labels = new double[rows];
        double[] values = new double[rows];
        String[] places = new String[rows];
        for (int i = 0; i < rows; i++) {
            times[i] = Story.START - 10 * Story.DAY + i * (10 * Story.DAY / rows);
            labels[i] = i % 2;
            values[i] = random.nextGaussian();
            places[i] = "P" + random.nextInt(50);
        }
        ProfileBuilder profile = new ProfileBuilder(
                        Story.MODEL,
                        "1",
                        "sha256:set",
                        Story.START - 10 * Story.DAY,
                        Story.START,
                        Story.DAY,
                        times,
                        labels)
                .segment("origin", places, 10)
                .segment("destination", places, 10);
        IntStream.range(0, FEATURES).forEach(i -> profile.feature("f" + i, values));
        List<DefinedColumn> columns = IntStream.range(0, FEATURES)
                .mapToObj(i -> new DefinedColumn("f" + i, "FLOAT64"))
                .toList();
        return List.of(
                new Definition("Monitor", Story.MONITOR, "sha256:monitor", monitor, 0L, List.of(), 0L),
                new Definition("FeatureService", "s", Story.SERVICE_HASH, "{}", 0L, columns, 0L),
                ServingRecords.profile(Story.MODEL, "1", ProfileJson.write(profile.build()), 0));
    }

    private List<LogRecord> rows() {
        RecordSerde<Inference> serde = RecordSerde.of(Inference.class);
        Inference like = new Story(1).days(1, 1).inferences.get(0);
        List<LogRecord> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            Inference row = Inference.newBuilder(like)
                    .setT(Story.START + i)
                    .setRequestId("r" + i)
                    .setModelVersion("1")
                    .setEntityNames(List.of("origin", "destination"))
                    .setEntityKeys(List.of("P" + random.nextInt(50), "P" + random.nextInt(50)))
                    .setNumbers(random.doubles(FEATURES, -3, 3).boxed().toList())
                    .setIntegers(List.of())
                    .setStrings(List.of())
                    .setNulls(ByteBuffer.allocate(4))
                    .setStatuses(ByteBuffer.allocate(FEATURES))
                    .build();
            byte[] key = row.getRequestId().getBytes(StandardCharsets.UTF_8);
            rows.add(new LogRecord(Log.INFERENCES, 0, i, key, serde.encode(row)));
        }
        return rows;
    }
}
