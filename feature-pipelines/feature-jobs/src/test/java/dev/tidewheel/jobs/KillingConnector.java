package dev.tidewheel.jobs;

import dev.tidewheel.jobs.tile.StageConnector;
import dev.tidewheel.jobs.tile.Steps;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.store.FeatureWriter;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Connects as another does, and tells a killer of this JVM about the steps. */
final class KillingConnector implements StageConnector {
    private static final long serialVersionUID = 1L;
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final Map<Long, Killer> KILLERS = new ConcurrentHashMap<>();

    private final long number = NUMBERS.incrementAndGet();
    private final StageConnector live;

    KillingConnector(StageConnector live, Killer killer) {
        this.live = live;
        KILLERS.put(number, killer);
    }

    @Override
    public Connection open() {
        return new Watched(live.open(), KILLERS.get(number));
    }

    private record Watched(Connection live, Steps steps) implements Connection {
        @Override
        public FeatureWriter writer() {
            return live.writer();
        }

        @Override
        public CompletionStage<String> storeIdentity() {
            return live.storeIdentity();
        }

        @Override
        public CompletionStage<Void> publish(Frontier frontier) {
            return live.publish(frontier);
        }

        @Override
        public void close() {
            live.close();
        }
    }
}
