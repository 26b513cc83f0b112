package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a read costs that merges many tiles: prints microseconds of the thread's CPU per read, the median of the
 * rounds, so that what else runs on the machine counts little. No test: it asserts
 * nothing. Run it with {@code java -cp feature-model/target/classes:feature-model/target/test-classes
 * dev.tidewheel.feature.aggregate.MergeCost}.
 */
public final class MergeCost {
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 15;
    private static final int READS = 40;
    private static volatile long sink;

    private MergeCost() {}

    public static void main(String[] arguments) {
        for (int tiles : new int[] {24, 168}) {
            for (int perTile : new int[] {5, 50}) {
                report("distinct", ColumnType.INT64, tiles, perTile);
                report("distinct", ColumnType.STRING, tiles, perTile);
                report("quantile", ColumnType.FLOAT64, tiles, perTile);
            }
        }
    }

    private static void report(String name, ColumnType type, int tiles, int perTile) {
        BoundAggregate<?> aggregate = Aggregates.byName(name).bind(Operands.of(type), Map.of());
        List<byte[]> stored = stored(aggregate, type, tiles, perTile);
        double[] micros = new double[ROUNDS];
        for (int round = 0; round < 2 * ROUNDS; round++) { // The first half warms up.
            long nanos = 0;
            for (int read = 0; read < READS; read++) {
                List<Accumulator<?>> decoded = decoded(aggregate, stored);
                long start = CLOCK.getCurrentThreadCpuTime();
                sink += merged(aggregate, decoded);
                nanos += CLOCK.getCurrentThreadCpuTime() - start;
            }
            micros[round % ROUNDS] = nanos / 1_000.0 / READS;
        }
        Arrays.sort(micros);
        System.out.printf(
                "%-9s %-8s %3d tiles of %2d values: %8.1f us per read%n",
                name, type, tiles, perTile, micros[ROUNDS / 2]);
    }

    private static List<byte[]> stored(BoundAggregate<?> aggregate, ColumnType type, int tiles, int perTile) {
        Random random = new Random(tiles * 31L + perTile);
        List<byte[]> stored = new ArrayList<>();
        for (int tile = 0; tile < tiles; tile++) {
            Accumulator<?> held = aggregate.partial().create();
            for (int i = 0; i < perTile; i++) {
                long value = (long) (800 * Math.pow(random.nextDouble(), 2));
                Row row = new Row(1);
                switch (type) {
                    case STRING -> row.setString(0, "customer-" + value);
                    case FLOAT64 -> row.setDouble(0, Math.exp(random.nextGaussian() * 1.5));
                    default -> row.setLong(0, value);
                }
                held.add(row, 0, 0, EventId.of(i));
            }
            ByteWriter out = new ByteWriter();
            held.encode(out);
            stored.add(out.toByteArray());
        }
        return stored;
    }

    private static List<Accumulator<?>> decoded(BoundAggregate<?> aggregate, List<byte[]> stored) {
        List<Accumulator<?>> decoded = new ArrayList<>();
        stored.forEach(bytes -> decoded.add(aggregate.partial().decode(new ByteReader(bytes))));
        return decoded;
    }

    private static long merged(BoundAggregate<?> aggregate, List<Accumulator<?>> tiles) {
        Accumulator<?> total = aggregate.partial().create();
        tiles.forEach(tile -> aggregate.partial().merge(total, tile));
        Row out = new Row(1);
        aggregate.finish(total, new ReadPoint(0, 0), out, 0);
        return out.getLong(0);
    }
}
