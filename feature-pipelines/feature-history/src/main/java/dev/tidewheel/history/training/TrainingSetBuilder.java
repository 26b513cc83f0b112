package dev.tidewheel.history.training;

import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.history.parquet.ParquetRows;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.FileDigest;
import dev.tidewheel.history.source.KnownTimes;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.spill.Spilling;
import dev.tidewheel.history.training.TrainingSetManifest.Data;
import dev.tidewheel.history.values.PastValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

    private final TrainingSetSpec spec;
    private final ChangeHistory asked;
    private final Map<String, ChangeScan> views;
    private final Map<String, String> tags = new TreeMap<>();
    private int threads = 2;
    private @Nullable Spilling spilling;
    private Progress progress = (done, total) -> {};

    /** Told how far a build has come; called by one of the building threads at a time. */
    @FunctionalInterface
    public interface Progress {
        void answered(long done, long total);
    }

    /**
     * @param asked the source whose events are the questions
     * @param views for every view of the service how its source is read
     * @throws IllegalArgumentException if a view of the service has no history
     */
    public TrainingSetBuilder(TrainingSetSpec spec, ChangeHistory asked, Map<String, ChangeScan> views) {
        this.spec = spec;
        this.asked = spec.knownBy()
                .map(moment -> asked.knownBy(moment.toEpochMilli()))
                .orElse(asked);
        this.views = new TreeMap<>(views);
        for (ViewRead read : spec.service().reads()) {
            if (!this.views.containsKey(read.view().spec().name())) {
                throw new IllegalArgumentException(
                        "no history for view '" + read.view().spec().name() + "' of service '"
                                + spec.service().name() + "'");
            }
        }
    }

    /** How many threads replay keys; 2 unless said otherwise. */
    public TrainingSetBuilder threads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least one thread is needed, got " + count);
        }
        this.threads = count;
        return this;
    }

    /** How much memory rows may take, and where the rest goes; a third of the heap and the set's folder unless said otherwise. */
    public TrainingSetBuilder spilling(Spilling where) {
        this.spilling = where;
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
            answer(selected, questions, rows, out, spilling == null ? Spilling.into(folder) : spilling);
        }
        TrainingSetManifest manifest = manifest(selected.size(), skipped, rows, FileDigest.of(data));
        Files.writeString(folder.resolve(MANIFEST), manifest.toJson(), StandardCharsets.UTF_8);
        return manifest;
    }

    private void answer(
            List<Integer> selected, Questions questions, TrainingRows rows, ParquetRows out, Spilling spilled)
            throws IOException, InterruptedException {
        List<PastValues.View> read =
                spec.service().reads().stream().map(this::view).toList();
        try (PastValues values = new PastValues(read, spec.servingDelay().toMillis(), threads, spilled)) {
            for (int change : selected) {
                Asked question = questions.ask(change);
                values.ask(question.t(), question.keys());
            }
            values.answer((done, total) -> progress.answered(done / read.size(), selected.size()));
            for (int i = 0; i < selected.size(); i++) {
                Asked question = questions.ask(selected.get(i));
                out.write(rows.row(question, spec.service().assemble(question.request(), values.next())));
            }
        }
    }

    private PastValues.View view(ViewRead read) {
        ChangeScan scan = Objects.requireNonNull(views.get(read.view().spec().name()), "looked at before");
        KnownTimes known = spec.knowledge() == Knowledge.POINT_IN_TIME ? KnownTimes.REAL : KnownTimes.WHEN_HAPPENED;
        return new PastValues.View(
                read.view(),
                scan,
                spec.knownBy()
                        .map(moment -> known.knownBy(moment.toEpochMilli()))
                        .orElse(known));
    }

    private TrainingSetManifest manifest(long count, Skipped skipped, TrainingRows rows, String digest) {
        Map<String, Data> data = new TreeMap<>();
        views.values().forEach(scan -> data.put(scan.columns().source(), data(scan.columns(), scan.origin())));
        data.put(asked.columns().source(), data(asked.columns(), asked.origin()));
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

    private Data data(SourceColumns of, Origin origin) {
        return Data.of(origin, tags.get(of.source()));
    }
}
