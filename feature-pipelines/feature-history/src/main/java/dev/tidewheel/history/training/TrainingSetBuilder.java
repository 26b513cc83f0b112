package dev.tidewheel.history.training;

import dev.tidewheel.definitions.ModelPlan;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.history.parquet.RowLayout;
import dev.tidewheel.history.questions.ModelQuestions;
import dev.tidewheel.history.questions.Moments;
import dev.tidewheel.history.questions.Question;
import dev.tidewheel.history.questions.Questions;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Erased;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.spill.Spilling;
import dev.tidewheel.history.training.TrainingSetManifest.Data;
import dev.tidewheel.history.training.TrainingSetManifest.ImportOf;
import dev.tidewheel.history.values.PastReader;
import dev.tidewheel.history.values.PastValues;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Builds training sets: for every question of the past the vector that serving would have given, because it is computed
 * by the same partial aggregates that serve, from the changes that were visible then.
 *
 * <p>The output is a folder with Parquet files and {@code manifest.json}, rows in the order of their questions' ranks. It
 * depends on nothing but the histories, the questions and the spec: the same command gives the same bytes. Not
 * thread-safe; a build uses {@code threads} threads of its own.
 */
public final class TrainingSetBuilder {
    private final TrainingSetSpec spec;
    private final Questions questions;
    private final Map<String, ChangeScan> views;
    private final Map<String, Data> data = new TreeMap<>();
    private final Map<String, List<Integer>> lacking = new TreeMap<>();
    private int threads = 2;
    private long rowsPerFile = SetWriter.ROWS_PER_FILE;
    private RowLayout layout = RowLayout.FILE;
    private @Nullable Spilling spilling;
    private PastReader.@Nullable Maker finder;
    private Predicate<TrainingSetManifest> published = manifest -> true;
    private Progress progress = (done, total) -> {};

    /** Told how far a build has come; called by one of the building threads at a time. */
    @FunctionalInterface
    public interface Progress {
        void answered(long done, long total);
    }

    /**
     * @param questions at the spec's moments
     * @param views for every view of the service how its source is read
     * @throws IllegalArgumentException if a view has no history
     */
    public TrainingSetBuilder(TrainingSetSpec spec, Questions questions, Map<String, ChangeScan> views) {
        this.spec = spec;
        this.questions = questions;
        this.views = new TreeMap<>(views);
        for (ViewRead read : spec.service().reads()) {
            ChangeScan scan = views.get(read.view().spec().name());
            if (scan == null) {
                throw new IllegalArgumentException(
                        "no history for view '" + read.view().spec().name() + "' of service '"
                                + spec.service().name() + "'");
            }
            from(scan.columns().source(), scan.origin());
        }
    }

    /**
     * A builder for the questions of a model.
     *
     * @param asked the source whose events are the questions
     * @param views for every view of the service how its source is read
     * @throws IllegalArgumentException if the events are not those of the model, or a view has no history
     */
    public static TrainingSetBuilder ofModel(
            TrainingSetSpec spec, ModelPlan model, ChangeHistory asked, Map<String, ChangeScan> views) {
        Questions questions = new ModelQuestions(spec.asked(asked), model, spec.moments());
        return new TrainingSetBuilder(spec, questions, views)
                .from(asked.columns().source(), asked.origin());
    }

    /** How many threads replay keys; 2 unless said otherwise. */
    public TrainingSetBuilder threads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least one thread is needed, got " + count);
        }
        this.threads = count;
        return this;
    }

    /** How many rows a file has at most; 8 million unless said otherwise. Decides the bytes. */
    public TrainingSetBuilder rowsPerFile(long rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("a file without rows says nothing, got " + rows);
        }
        this.rowsPerFile = rows;
        return this;
    }

    /** How files are laid out; on their own unless said otherwise. Decides the bytes. */
    public TrainingSetBuilder layout(RowLayout files) {
        this.layout = files;
        return this;
    }

    /** How much memory rows may take, and where the rest goes; a third of the heap and the set's folder unless said otherwise. */
    public TrainingSetBuilder spilling(Spilling where) {
        this.spilling = where;
        return this;
    }

    /** Who finds the values; this process unless said otherwise. Decides no byte. */
    public TrainingSetBuilder found(PastReader.Maker by) {
        this.finder = by;
        return this;
    }

    /** What is built takes its place in the folder only if this holds; always unless said otherwise. */
    public TrainingSetBuilder publishedIf(Predicate<TrainingSetManifest> condition) {
        this.published = condition;
        return this;
    }

    public TrainingSetBuilder progress(Progress listener) {
        this.progress = listener;
        return this;
    }

    /** Records where the rows of a source, the questions or the labels come from. */
    public TrainingSetBuilder from(String name, Origin origin) {
        data.put(name, Data.of(origin));
        return this;
    }

    /** Records which tag keeps the snapshot that rows were read from. */
    public TrainingSetBuilder tagged(String name, String tag) {
        data.computeIfPresent(name, (same, of) -> of.tagged(tag));
        return this;
    }

    /** Records which rows of a source are not read, because their entities were erased. */
    public TrainingSetBuilder without(String name, Erased rows) {
        data.computeIfPresent(name, (same, of) -> of.without(rows));
        return this;
    }

    /** Records what a source's table has of imported history. */
    public TrainingSetBuilder imported(String name, List<ImportOf> imports) {
        data.computeIfPresent(name, (same, of) -> of.imported(imports));
        return this;
    }

    /** Records which imports the lineage of a view was begun without. */
    public TrainingSetBuilder lacking(String view, List<Integer> imports) {
        lacking.put(view, List.copyOf(imports));
        return this;
    }

    /**
     * Builds into a folder, replacing the set that its manifest names. Until all is built the folder holds what it held.
     *
     * @throws IllegalArgumentException if the questions do not fit the service or the source
     */
    public TrainingSetManifest build(Path folder) throws IOException, InterruptedException {
        TrainingRows rows = new TrainingRows(questions, spec.service());
        try (SetWriter out = new SetWriter(folder, rows.schema(), spec.moments(), rowsPerFile, layout)) {
            answer(rows, out, spilling == null ? Spilling.into(folder) : spilling);
            TrainingSetManifest manifest = manifest(rows, out.complete());
            if (published.test(manifest)) {
                out.publish(manifest);
            }
            return manifest;
        }
    }

    private void answer(TrainingRows rows, SetWriter out, Spilling spilled) throws IOException, InterruptedException {
        List<PastValues.View> read =
                spec.service().reads().stream().map(this::view).toList();
        List<int[]> keys = keys(rows.entities());
        try (PastReader values = open(read, spilled)) {
            Ahead.run(
                    questions.size(),
                    rank -> {
                        Questions.Asked asked = questions.asked(rank);
                        return new Asked(asked.t(), keys(asked.entities(), keys));
                    },
                    asked -> values.ask(asked.t, asked.keys));
            values.answer((done, total) -> progress.answered(done / Math.max(1, read.size()), questions.size()));
            Ahead.run(
                    questions.size(),
                    rank -> {
                        Question question = questions.get(rank);
                        FeatureValues vector = spec.service().assemble(question.request(), values.next());
                        return new Answered(question.t(), rows.row(question, vector));
                    },
                    answered -> out.write(answered.t, answered.row));
        }
    }

    private PastReader open(List<PastValues.View> read, Spilling spilled) throws IOException {
        long delayMillis = spec.servingDelay().toMillis();
        return finder == null ? new PastValues(read, delayMillis, threads, spilled) : finder.open(read, delayMillis);
    }

    /**
     * A question to the views.
     *
     * @param keys one per view
     */
    private record Asked(long t, List<String> keys) {}

    /** A row of the set. */
    private record Answered(long t, Row row) {}

    private PastValues.View view(ViewRead read) {
        ChangeScan scan = Objects.requireNonNull(views.get(read.view().spec().name()), "looked at before");
        return new PastValues.View(read.view(), scan, spec.known(read));
    }

    /** Which of the entities make the key under which a view is read, for each view of the service. */
    private List<int[]> keys(List<String> entities) {
        return spec.service().reads().stream()
                .map(read -> read.keys().stream().mapToInt(entities::indexOf).toArray())
                .toList();
    }

    private static List<String> keys(List<String> entities, List<int[]> views) {
        List<String> keys = new ArrayList<>(views.size());
        for (int[] view : views) {
            keys.add(view.length == 1 ? EntityKeys.escape(entities.get(view[0])) : joined(entities, view));
        }
        return keys;
    }

    private static String joined(List<String> entities, int[] places) {
        List<String> values = new ArrayList<>(places.length);
        for (int place : places) {
            values.add(entities.get(place));
        }
        return EntityKeys.join(values);
    }

    private TrainingSetManifest manifest(TrainingRows rows, List<SetFile> files) {
        List<Moments.Split> splits = spec.moments().splits();
        long from = splits.get(0).from();
        long to = splits.get(splits.size() - 1).to();
        return new TrainingSetManifest(
                TrainingSetManifest.FORMAT,
                TrainingSetManifest.CODE,
                AskedFor.of(spec),
                described(),
                data,
                text(from == Long.MIN_VALUE ? first() : from),
                text(to == Long.MAX_VALUE ? last() + 1 : to),
                questions.label().map(column -> column.name()).orElse(null),
                questions.size(),
                questions.leftOut(),
                rows.columns(),
                files,
                null,
                TrainingSetManifest.digestOf(files));
    }

    private Map<String, ViewOf> described() {
        Map<String, ViewOf> views = new TreeMap<>(spec.views());
        lacking.forEach((view, imports) -> views.computeIfPresent(view, (name, of) -> of.without(imports)));
        return views;
    }

    private long first() {
        return questions.size() == 0 ? 0 : questions.get(0).t();
    }

    private long last() {
        return questions.size() == 0 ? 0 : questions.get(questions.size() - 1).t();
    }

    private static String text(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
