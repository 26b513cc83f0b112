package dev.tidewheel.history.training;

import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.history.parquet.ParquetRows;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.FileDigest;
import dev.tidewheel.history.training.TrainingSetManifest.Data;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Builds training sets: for every question of the past the vector that serving would have given, because it is computed
 * by the same partial aggregates that serve, from the changes that were visible then.
 *
 * <p>The output is a folder with {@code data.parquet} and {@code manifest.json}, rows in the order of (t, event id). It
 * depends on nothing but the histories and the spec: the same command gives the same bytes. Not thread-safe; a build
 * uses {@code threads} threads of its own.
 */
public final class TrainingSetBuilder {
    /** The file with the rows. */
    public static final String DATA = "data.parquet";
    /** The file that says what they are. */
    public static final String MANIFEST = "manifest.json";

    private static final int BLOCK = 20_000;

    private final TrainingSetSpec spec;
    private final ChangeHistory asked;
    private final Map<String, ChangeHistory> views;
    private final Map<String, String> tags = new TreeMap<>();
    private int threads = 2;
    private Progress progress = (done, total) -> {};

    /** Told how far a build has come; called in the building thread. */
    @FunctionalInterface
    public interface Progress {
        void answered(long done, long total);
    }

    /**
     * @param asked the source whose events are the questions
     * @param views for every view of the service the history of its source
     * @throws IllegalArgumentException if a view of the service has no history
     */
    public TrainingSetBuilder(TrainingSetSpec spec, ChangeHistory asked, Map<String, ChangeHistory> views) {
        this.spec = spec;
        Map<ChangeHistory, ChangeHistory> cut = new IdentityHashMap<>();
        this.asked = cut(spec, asked, cut);
        this.views = new TreeMap<>();
        views.forEach((view, history) -> this.views.put(view, cut(spec, history, cut)));
        for (ViewRead read : spec.service().reads()) {
            if (!this.views.containsKey(read.view().spec().name())) {
                throw new IllegalArgumentException(
                        "no history for view '" + read.view().spec().name() + "' of service '"
                                + spec.service().name() + "'");
            }
        }
    }

    private static ChangeHistory cut(
            TrainingSetSpec spec, ChangeHistory history, Map<ChangeHistory, ChangeHistory> known) {
        return spec.knownBy()
                .map(moment -> known.computeIfAbsent(history, whole -> whole.knownBy(moment.toEpochMilli())))
                .orElse(history);
    }

    /** How many threads replay keys; 2 unless said otherwise. */
    public TrainingSetBuilder threads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least one thread is needed, got " + count);
        }
        this.threads = count;
        return this;
    }

    public TrainingSetBuilder progress(Progress listener) {
        this.progress = listener;
        return this;
    }

    /** Records which tag keeps the snapshot that a source was read from. */
    public TrainingSetBuilder tagged(String source, String tag) {
        tags.put(source, tag);
        return this;
    }

    /**
     * Builds into a folder, replacing what it holds of an earlier build.
     *
     * @throws IllegalArgumentException if the questions do not fit the service or the source
     */
    public TrainingSetManifest build(Path folder) throws IOException, InterruptedException {
        Questions questions = new Questions(asked, spec.model());
        Skipped skipped = new Skipped();
        List<Integer> selected =
                questions.select(spec.from().toEpochMilli(), spec.to().toEpochMilli(), skipped);
        TrainingRows rows = new TrainingRows(asked, spec);
        Files.createDirectories(folder);
        Path data = folder.resolve(DATA);
        try (ParquetRows out = ParquetRows.create(data, "training_set", rows.schema())) {
            answer(selected, questions, rows, out);
        }
        TrainingSetManifest manifest = manifest(selected.size(), skipped, rows, FileDigest.of(data));
        Files.writeString(folder.resolve(MANIFEST), manifest.toJson(), StandardCharsets.UTF_8);
        return manifest;
    }

    private void answer(List<Integer> selected, Questions questions, TrainingRows rows, ParquetRows out)
            throws IOException, InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            VectorReplay replay = new VectorReplay(
                    spec.service(), histories(), spec.servingDelay().toMillis(), workers);
            for (int start = 0; start < selected.size(); start += BLOCK) {
                List<Integer> changes = selected.subList(start, Math.min(start + BLOCK, selected.size()));
                List<Asked> block = changes.stream().map(questions::ask).toList();
                List<FeatureValues> vectors = replay.answer(block);
                for (int i = 0; i < block.size(); i++) {
                    out.write(rows.row(block.get(i), vectors.get(i)));
                }
                progress.answered(start + block.size(), selected.size());
            }
        } finally {
            workers.shutdownNow();
        }
    }

    private Function<ViewRead, ChangeHistory> histories() {
        Map<ChangeHistory, ChangeHistory> known = new IdentityHashMap<>();
        return read -> {
            ChangeHistory history = views.get(read.view().spec().name());
            return spec.knowledge() == Knowledge.POINT_IN_TIME
                    ? history
                    : known.computeIfAbsent(history, ChangeHistory::knownWhenHappened);
        };
    }

    private TrainingSetManifest manifest(long count, Skipped skipped, TrainingRows rows, String digest) {
        Map<String, Data> data = new TreeMap<>();
        views.values().forEach(history -> data.put(history.columns().source(), data(history)));
        data.put(asked.columns().source(), data(asked));
        return new TrainingSetManifest(
                TrainingSetManifest.FORMAT,
                spec.model().model().name(),
                spec.service().name(),
                spec.serviceHash(),
                spec.lineages(),
                asked.columns().source(),
                data,
                spec.knowledge(),
                spec.servingDelay().toString(),
                spec.from().toString(),
                spec.to().toString(),
                spec.knownBy().map(Instant::toString).orElse(null),
                spec.model().model().label().name(),
                count,
                skipped.counts(),
                rows.columns(),
                digest);
    }

    private Data data(ChangeHistory history) {
        return Data.of(history.origin(), tags.get(history.columns().source()));
    }
}
