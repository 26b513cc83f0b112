package dev.tidewheel.workbench.sets;

import dev.tidewheel.history.exchange.ClusterMaker;
import dev.tidewheel.history.training.TrainingSetSpec;
import dev.tidewheel.history.values.PastReader;
import dev.tidewheel.workbench.stack.Checkout;
import java.net.URI;
import java.nio.file.Path;

/**
 * A cluster that is to find the values of a training set.
 *
 * @param flink its REST interface
 * @param place how many of its slots are used, and where files are handed over
 */
public record ClusterOrder(URI flink, ClusterMaker.Place place) {
    private static final String MODULE = "feature-pipelines/history-jobs";

    /** What finds the values of a spec there. */
    PastReader.Maker finder(OpenHistory history, TrainingSetSpec spec) {
        Path jar = Checkout.find().jar(MODULE);
        return new ClusterMaker(
                spec,
                history.definitions(),
                history.tables(),
                history.files(),
                place,
                config -> new ClusterJob(flink).run(jar, config));
    }
}
