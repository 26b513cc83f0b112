package dev.tidewheel.history.training;

import dev.tidewheel.history.questions.ColumnOf;
import dev.tidewheel.history.questions.LeftOut;
import dev.tidewheel.history.questions.Moments;
import dev.tidewheel.history.training.TrainingSetManifest.Data;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The first layout of {@link TrainingSetManifest}: sets of one file, with the questions of a model. Read for ever, written
 * no more.
 */
record ManifestV1(
        int format,
        String model,
        String service,
        String serviceHash,
        Map<String, Long> lineages,
        String source,
        Map<String, Data> data,
        Knowledge knowledge,
        String servingDelay,
        String from,
        String to,
        @Nullable String knownBy,
        String label,
        long rows,
        LeftOut leftOut,
        List<ColumnOf> columns,
        String digest) {
    private static final String FILE = "data.parquet";

    /** What it says in the terms of today: its {@code knownBy} is called {@code asOf} now. */
    TrainingSetManifest current() {
        Map<String, ViewOf> views = new TreeMap<>();
        lineages.forEach((view, lineage) -> views.put(view, new ViewOf(null, lineage, null, List.of(), null)));
        QuestionsOf questions = new QuestionsOf(
                QuestionsOf.Kind.MODEL, source, null, null, null, Map.of(), null, null, null, List.of());
        AskedFor asked = new AskedFor(
                model,
                service,
                serviceHash,
                questions,
                List.of(new AskedFor.SplitOf(Moments.WHOLE, from, to)),
                knowledge,
                null,
                null,
                servingDelay,
                null,
                knownBy);
        return new TrainingSetManifest(
                format,
                format,
                asked,
                views,
                data,
                from,
                to,
                label,
                rows,
                leftOut,
                columns,
                List.of(new SetFile(FILE, Moments.WHOLE, rows, digest)),
                null,
                digest);
    }
}
