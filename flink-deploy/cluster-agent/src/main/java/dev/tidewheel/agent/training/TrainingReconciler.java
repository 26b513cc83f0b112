package dev.tidewheel.agent.training;

import dev.tidewheel.agent.desired.Wanted;
import dev.tidewheel.agent.reconcile.Observed;
import dev.tidewheel.agent.reconcile.Reconciler;
import dev.tidewheel.definitions.DefinitionsException;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.ObservedPhase;
import dev.tidewheel.runtime.clock.Clock;
import dev.tidewheel.runtime.clock.WallClock;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes trainings so: looks at a run's folder, process and registry, and does what {@link TrainingPlan} says. */
public final class TrainingReconciler implements Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingReconciler.class);

    /** From nothing to a running trainer it takes four. */
    private static final int STEPS = 8;

    private final LauncherConfig config;
    private final TrainingPlan plan;
    private final Launcher launcher;
    private final Preparation preparation;
    private final Registration registration;
    private final ModelServer modelServer;
    private final Supplier<Map<String, Definition>> registry;
    private final Clock clock;
    private final Clock wall;

    TrainingReconciler(
            LauncherConfig config,
            Launcher launcher,
            Preparation preparation,
            Registration registration,
            ModelServer modelServer,
            Supplier<Map<String, Definition>> registry,
            Clock clock,
            Clock wall) {
        this.config = config;
        this.plan = new TrainingPlan(config.starts(), config.deadline());
        this.launcher = launcher;
        this.preparation = preparation;
        this.registration = registration;
        this.modelServer = modelServer;
        this.registry = registry;
        this.clock = clock;
        this.wall = wall;
    }

    /**
     * Everything that trainings on this machine need.
     *
     * @param models folder of registered models
     * @param registry the registry now, by kind/name
     * @param clock dates what is published
     * @param deadline of one question to Kafka
     */
    public static TrainingReconciler local(
            LauncherConfig config,
            Path models,
            WarehouseConfig warehouse,
            URI modelServer,
            HttpClient http,
            KafkaConfig kafka,
            Duration deadline,
            RegistryPublisher publisher,
            Supplier<Map<String, Definition>> registry,
            Clock clock) {
        return new TrainingReconciler(
                config,
                new LocalLauncher(config),
                new Preparation(SourceEnds.ofKafka(kafka, deadline), models, warehouse),
                new Registration(models, publisher),
                new ModelServer(http, modelServer),
                registry,
                clock,
                new WallClock());
    }

    @Override
    public Optional<Observed> reconcile(Wanted wanted, Optional<Observed> reported)
            throws IOException, InterruptedException {
        if (reported.filter(Observed::isFinal).isPresent()) {
            return reported;
        }
        try {
            RunFolder folder =
                    new RunFolder(config.workDir().toAbsolutePath().resolve(TrainingSpec.run(wanted.slot())));
            // What is cancelled is ended, whatever stands in its spec.
            Optional<TrainingSpec> spec =
                    wanted.present() ? Optional.of(TrainingSpec.read(wanted.slot(), wanted.spec())) : Optional.empty();
            return reconcile(wanted, spec, folder);
        } catch (IllegalArgumentException | DefinitionsException e) {
            LOG.warn("{} generation {} cannot be made so", wanted.key(), wanted.generation(), e);
            return Optional.of(Observed.failed(String.valueOf(e.getMessage())));
        }
    }

    private Optional<Observed> reconcile(Wanted wanted, Optional<TrainingSpec> spec, RunFolder folder)
            throws IOException, InterruptedException {
        for (int step = 0; step < STEPS; step++) {
            TrainingStep next = plan.next(wanted, look(spec, folder));
            if (next instanceof TrainingStep.Refuse) {
                return Optional.empty();
            }
            if (next instanceof TrainingStep.Report report) {
                return Optional.of(report.observed());
            }
            if (next instanceof TrainingStep.ReportDead) {
                return Optional.of(Observed.failed("the trainer ended without a result, " + config.starts() + " times; "
                        + launcher.lastWords(folder.path())));
            }
            LOG.info("{}: {}", wanted.key(), next.getClass().getSimpleName());
            if (next instanceof TrainingStep.Stop) {
                launcher.stop(folder.path());
            } else {
                execute(next, wanted, spec.orElseThrow(), folder);
            }
            if (next instanceof TrainingStep.Register) {
                // The registry tells us of our own records in a moment.
                return Optional.of(Observed.of(ObservedPhase.RUNNING, "trained"));
            }
        }
        throw new IllegalStateException(wanted.key() + " came to no end in " + STEPS + " steps");
    }

    private RunState look(Optional<TrainingSpec> spec, RunFolder folder) throws IOException, InterruptedException {
        RunFolder.Prepared prepared = folder.prepared();
        Launcher.Life life = launcher.look(folder.path());
        List<Long> starts = folder.starts();
        boolean expired = !starts.isEmpty()
                && wall.now() - starts.get(0) > config.deadline().toMillis();
        Optional<TrainingResult> result = folder.result();
        boolean registered = spec.isPresent()
                && result.isPresent()
                && result.get().failure().isEmpty()
                && Registration.isDone(spec.get(), result.get(), registry.get());
        boolean served =
                registered && modelServer.has(spec.get().model(), spec.get().version());
        return new RunState(
                prepared.generation(), prepared.specHash(), life, starts.size(), expired, result, registered, served);
    }

    private void execute(TrainingStep step, Wanted wanted, TrainingSpec spec, RunFolder folder)
            throws IOException, InterruptedException {
        if (step instanceof TrainingStep.Clear) {
            folder.putAside();
        } else if (step instanceof TrainingStep.Prepare) {
            if (!folder.prepared().specHash().equals(wanted.specHash())) {
                preparation.write(spec, folder, registry.get(), clock.now());
            }
            folder.prepare(new RunFolder.Prepared(wanted.generation(), wanted.specHash()));
        } else if (step instanceof TrainingStep.Start) {
            folder.starting(wall.now());
            launcher.start(folder.path());
        } else if (step instanceof TrainingStep.Register) {
            registration.publish(spec, folder, registry.get(), clock.now());
        }
    }
}
