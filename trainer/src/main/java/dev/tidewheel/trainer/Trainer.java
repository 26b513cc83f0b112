package dev.tidewheel.trainer;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidewheel.runtime.config.ConfigException;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.trainer.Judging.Judgement;
import dev.tidewheel.trainer.registry.ModelRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reference trainer: trains and registers models, judges registered ones, and ends. Running it again with the same
 * configuration and data changes nothing.
 *
 * <p>{@code Trainer --config FILE} runs it as a process, see {@link TrainerConfig}. It ends with status 0 if all was done,
 * 1 if something is wrong with the data, the registry or the configuration, 2 if it was called wrongly.
 */
public final class Trainer {

    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);
    private static final JsonMapper JSON = new JsonMapper();

    private Trainer() {}

    /**
     * Does what a configuration says.
     *
     * @return the evaluations as JSON: an array of objects with name, model, version, metrics and, if asked for, days
     */
    public static String run(TrainerConfig config) throws IOException, InterruptedException {
        ModelRegistry registry = new ModelRegistry(config.registry());
        Training training = new Training(registry);
        for (TrainerConfig.Training train : config.train()) {
            training.run(train);
        }
        Judging judging = new Judging(registry);
        List<Judgement> judgements = new ArrayList<>();
        for (TrainerConfig.Judging evaluate : config.evaluate()) {
            judgements.add(judging.run(evaluate));
        }
        for (TrainerConfig.Profiling profile : config.profile()) {
            Profiles.run(profile, registry);
        }
        if (config.retrain().isPresent()) {
            new Retraining(registry, config.retrain().get()).run();
        }
        String report = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(judgements) + "\n";
        if (config.report().isPresent()) {
            AtomicFile.write(config.report().get(), report);
        }
        return report;
    }

    /** Runs once and ends. */
    public static void main(String[] args) {
        if (args.length != 2 || !args[0].equals("--config")) {
            System.err.println("usage: Trainer --config FILE");
            System.exit(2);
        }
        try {
            System.out.print(run(ConfigLoader.load(Path.of(args[1]), TrainerConfig.class)));
        } catch (ConfigException e) {
            fail(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the main thread", e);
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            LOG.error("training failed", e);
            fail(e);
        }
    }

    private static void fail(Exception e) {
        System.err.println("trainer: " + e.getMessage());
        System.exit(1);
    }
}
