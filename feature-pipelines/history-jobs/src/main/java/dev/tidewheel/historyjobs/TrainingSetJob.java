package dev.tidewheel.historyjobs;

import java.nio.file.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The {@code main} of a batch that finds the values of a training set: builds the graph and hands it to the cluster that runs
 * it. It ends by itself.
 */
public final class TrainingSetJob {
    private TrainingSetJob() {}

    /** @param arguments {@code --config FILE}, see {@link TrainingSetJobConfig} */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2 || !arguments[0].equals("--config")) {
            throw new IllegalArgumentException("usage: --config FILE");
        }
        ConfiguredViews views = new ConfiguredViews(Path.of(arguments[1]));
        BatchOrder order = views.order();
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(BatchSettings.of(order));
        new BatchTopology(environment, order, views, Steps.UNHEARD).build();
        environment.execute();
    }
}
