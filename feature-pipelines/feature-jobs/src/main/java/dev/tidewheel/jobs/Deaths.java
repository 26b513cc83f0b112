package dev.tidewheel.jobs;

import dev.tidewheel.jobs.tile.StageConnector;
import dev.tidewheel.jobs.tile.Step;
import dev.tidewheel.jobs.tile.Steps;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.store.FeatureWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.iceberg.events.CreateSnapshotEvent;
import org.apache.iceberg.events.Listeners;

/**
 * Ends this process at named steps, as suddenly as a power cut, to see that nothing is lost by it. For tests: a
 * configuration that orders deaths is refused in wall time.
 *
 * <p>A file holds one order per line, {@code STEP TIMES}: the process dies when it reaches the step for so many times. A
 * process that is started after a death goes on with the next order; which have happened stands in a file beside it, with
 * {@code .done} at the end of its name. All subtasks of a process count together. Thread-safe.
 */
final class Deaths implements Steps {
    private static final int EXIT_CODE = 137;
    private static final Map<Path, Deaths> OF_THIS_PROCESS = new HashMap<>();

    private record Order(Step step, int times) {
        static Order parse(String line) {
            String[] words = line.strip().split(" ");
            return new Order(Step.valueOf(words[0]), Integer.parseInt(words[1]));
        }
    }

    private final Path done;
    private final List<Order> orders;
    private int reached;

    private Deaths(Path file) {
        this.done = Path.of(file + ".done");
        try {
            int happened = Files.exists(done) ? Files.readAllLines(done).size() : 0;
            this.orders = Files.readAllLines(file).stream()
                    .skip(happened)
                    .map(Order::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the ordered deaths, inject.deaths: " + file, e);
        }
    }

    /** The same for all subtasks in this process. */
    private static synchronized Deaths of(Path file) {
        return OF_THIS_PROCESS.computeIfAbsent(file, missing -> {
            Deaths deaths = new Deaths(missing);
            Listeners.register(event -> deaths.reached(Step.AFTER_RAW_COMMIT), CreateSnapshotEvent.class);
            return deaths;
        });
    }

    /** A connector whose users die as the file orders. */
    static StageConnector ordered(StageConnector live, Path file) {
        String name = file.toString(); // A path does not travel.
        return () -> new Mortal(live.open(), of(Path.of(name)));
    }

    @Override
    public synchronized void reached(Step step) {
        if (orders.isEmpty()
                || orders.get(0).step() != step
                || ++reached < orders.get(0).times()) {
            return;
        }
        try {
            Files.writeString(done, step + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remember a death: " + done, e);
        }
        Runtime.getRuntime().halt(EXIT_CODE);
    }

    private record Mortal(StageConnector.Connection live, Steps steps) implements StageConnector.Connection {
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
