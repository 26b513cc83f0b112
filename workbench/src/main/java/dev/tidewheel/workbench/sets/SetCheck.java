package dev.tidewheel.workbench.sets;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.history.inspect.SetInspector;
import dev.tidewheel.history.inspect.SetReport;
import dev.tidewheel.history.parquet.RowLayout;
import dev.tidewheel.history.run.OtherWorlds;
import dev.tidewheel.history.run.TrainingSets;
import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.workbench.WorkbenchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** A look at the quality of a training set, with the data that it was built from. For one thread. */
public final class SetCheck {
    private final OpenHistory history;
    private final TrainingSet set;
    private final String where;

    /**
     * @param where the set is, for messages
     */
    public SetCheck(OpenHistory history, TrainingSet set, String where) {
        this.history = history;
        this.set = set;
        this.where = where;
    }

    /**
     * Asks the set's questions again in other worlds, and reports. What it builds on the way is in a temporary folder, and is
     * removed.
     *
     * @param most how many questions
     * @throws WorkbenchException if definitions or data are not those of the set; the message says what to do
     */
    public SetReport run(int most, TrainingSets.Progress progress) throws IOException, InterruptedException {
        TrainingSetManifest manifest = set.manifest();
        if (!history.serviceHash(manifest.service()).equals(manifest.serviceHash())) {
            throw new WorkbenchException("service '" + manifest.service() + "' is not defined as it was for " + where
                    + ": name the definitions that the set was built by, or look at the set alone with --data-only");
        }
        new Earlier(manifest, where, RowLayout.FILE).requireSameHistories(history.files());
        Path folder = Files.createTempDirectory("tidewheel-inspect");
        try {
            ServicePlan service = history.definitions().servicePlan(manifest.service());
            return new SetInspector(set, most)
                    .compared(
                            new OtherWorlds(history.definitions(), history.histories(), manifest),
                            service.request().columns().stream()
                                    .map(Column::name)
                                    .collect(Collectors.toUnmodifiableSet()),
                            folder,
                            progress);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new WorkbenchException(e.getMessage() + "; --data-only looks at the set alone", e);
        } finally {
            Folders.remove(folder);
        }
    }
}
