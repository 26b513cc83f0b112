package dev.tidewheel.benchmarks;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.ModelPlan;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.scan.FileScan;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.ParquetHistory;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.training.TrainingSetBuilder;
import dev.tidewheel.history.training.TrainingSetSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Our process: builds a training set as the trainer does, from files instead of raw tables. */
final class HistoryOurs {
    private HistoryOurs() {}

    /** Model, folder of the data, folder to write to, threads. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        OwnProcess process = OwnProcess.begin();
        HistoryData data = new HistoryData(Path.of(arguments[1]));
        Definitions definitions = Definitions.load(data.definitions()).orThrow();
        ModelPlan model = definitions.modelPlan(arguments[0]);
        Map<String, ChangeScan> views = new TreeMap<>();
        Map<String, Long> lineages = new TreeMap<>();
        for (ViewRead read : model.service().reads()) {
            String view = read.view().spec().name();
            SourceColumns columns =
                    SourceColumns.of(definitions.source(definitions.view(view).source()));
            views.put(view, new FileScan(data.events(), columns));
            lineages.put(view, 1L);
        }
        ChangeHistory asked = ParquetHistory.read(data.questions(), SourceColumns.of(model.source()));
        process.reached("read");
        TrainingSetSpec spec = TrainingSetSpec.of(model, "sha256:none", lineages);
        TrainingSetBuilder.ofModel(spec, model, asked, views)
                .threads(Integer.parseInt(arguments[3]))
                .build(Path.of(arguments[2]));
        process.reached("answered");
        process.tell();
    }
}
