package dev.tidewheel.jobs.tile;

import dev.tidewheel.records.Frontier;
import dev.tidewheel.store.FeatureWriter;
import java.io.Serializable;
import java.util.concurrent.CompletionStage;

/** Opens what a subtask of a keyed stage talks to. Travels in the job graph; the connections do not. */
@FunctionalInterface
public interface StageConnector extends Serializable {

    /**
     * Connects. The caller closes the connection.
     *
     * @throws dev.tidewheel.store.StoreUnavailableException if the store cannot be reached now; worth another try
     */
    Connection open();

    /** The outside world of one subtask. Called by the subtask's thread; stages may complete on others. */
    interface Connection extends AutoCloseable {
        /** The online store. */
        FeatureWriter writer();

        /** Which store it is: another text after it was restarted or failed over, because then it may have lost data. */
        CompletionStage<String> storeIdentity();

        /** Publishes a frontier; completes when Kafka has acknowledged it. */
        CompletionStage<Void> publish(Frontier frontier);

        /** Is told about the steps of whoever uses the connection; nobody, except in tests. */
        default Steps steps() {
            return Steps.NONE;
        }

        @Override
        void close();
    }
}
