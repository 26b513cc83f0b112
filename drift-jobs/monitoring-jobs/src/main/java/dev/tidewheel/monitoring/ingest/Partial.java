package dev.tidewheel.monitoring.ingest;

import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.histogram.Edges;
import dev.tidewheel.drift.latency.LatencyHistogram;
import dev.tidewheel.monitoring.window.Cell;
import dev.tidewheel.monitoring.window.CellUpdate;
import dev.tidewheel.monitoring.window.CellUpdate.Kind;
import java.util.List;
import java.util.function.Consumer;

/** The rows of one segment of one window that have not been sent on yet. Not thread-safe. */
final class Partial {
    private final List<String> features;
    private final List<Counts> counts;
    private final Counts predictions;
    private final LatencyHistogram latencies = new LatencyHistogram();
    private long rows;
    private long errors;
    private long unpredicted;

    /** @param edges of each feature */
    Partial(List<String> features, List<Edges> edges, Edges prediction) {
        this.features = features;
        this.counts = edges.stream().map(Counts::new).toList();
        this.predictions = new Counts(prediction);
    }

    /** The counts of the feature of an index. */
    Counts feature(int index) {
        return counts.get(index);
    }

    /**
     * Counts what is not in the features.
     *
     * @param prediction NaN without one
     */
    void count(double prediction, boolean answered, long micros) {
        rows++;
        errors += answered ? 0 : 1;
        latencies.add(micros);
        if (Double.isNaN(prediction)) {
            unpredicted++;
            predictions.addUnavailable();
        } else {
            predictions.add(prediction);
        }
    }

    /** @param of any cell of the monitor, version and segment */
    void emit(Cell of, long start, long end, Consumer<CellUpdate> out) {
        for (int i = 0; i < features.size(); i++) {
            emit(of.with(features.get(i)), start, end, counts.get(i), out);
        }
        emit(of.with(Cell.PREDICTION), start, end, predictions, out);
        out.accept(CellUpdate.of(of.with(Cell.HEALTH), start, end, Kind.HEALTH, health()));
        for (String feature : List.of(Cell.LABEL, Cell.PERFORMANCE)) {
            out.accept(CellUpdate.of(of.with(feature), start, end, Kind.ASKED, rows, unpredicted));
        }
    }

    private static void emit(Cell cell, long start, long end, Counts counts, Consumer<CellUpdate> out) {
        out.accept(CellUpdate.of(cell, start, end, Kind.COUNTS, counts.edges().toArray(), counts.cells()));
    }

    private long[] health() {
        long[] cells = latencies.cells();
        long[] all = new long[cells.length + 2];
        all[0] = rows;
        all[1] = errors;
        System.arraycopy(cells, 0, all, 2, cells.length);
        return all;
    }
}
