package dev.tidewheel.historyjobs;

import dev.tidewheel.history.exchange.ExchangeFolder;
import dev.tidewheel.history.exchange.ExchangedReader;
import dev.tidewheel.history.values.Moments;
import dev.tidewheel.history.values.PastReader;
import dev.tidewheel.history.values.PastValues;
import dev.tidewheel.historyjobs.Steps.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Has values found by the cluster that this thread's environments run on. */
final class ClusterReader {
    private final Path folder;
    private final int parts;
    private final long memoryBytes;
    private final Consumer<Step> steps;

    /** @param steps hears of all that tasks do, in their threads */
    ClusterReader(Path folder, int parts, long memoryBytes, Consumer<Step> steps) {
        this.folder = folder;
        this.parts = parts;
        this.memoryBytes = memoryBytes;
        this.steps = steps;
    }

    PastReader open(List<PastValues.View> views, long delayMillis) throws IOException {
        return new ExchangedReader(
                new ExchangeFolder(folder),
                views,
                delayMillis,
                parts,
                (questions, moments) -> find(views, delayMillis, questions, moments));
    }

    private void find(List<PastValues.View> views, long delayMillis, long questions, Moments moments)
            throws IOException {
        BatchOrder order = new BatchOrder(
                folder.toString(),
                views.size(),
                questions,
                moments.first(),
                moments.visibleThrough(),
                delayMillis,
                parts,
                memoryBytes);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(BatchSettings.of(order));
        TestViews here = TestViews.of(folder.toString(), views, steps);
        new BatchTopology(environment, order, here, here).build();
        try {
            environment.execute();
        } catch (Exception e) {
            throw new IOException("the job has failed", e);
        }
    }
}
