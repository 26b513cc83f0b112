package dev.tidewheel.workbench.demo;

import dev.tidewheel.definitions.DefinitionTests;
import dev.tidewheel.history.books.Books;
import dev.tidewheel.history.books.Equation;
import dev.tidewheel.history.parity.ParityReport;
import dev.tidewheel.history.parity.Performance;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.topic.TopicScan;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.kafka.TopicCreator;
import dev.tidewheel.runtime.kafka.TopicSpec;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisStoreConfig;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.apply.ApplyPlan;
import dev.tidewheel.workbench.data.FlightsHistory;
import dev.tidewheel.workbench.replay.SourceStory;
import dev.tidewheel.workbench.report.ControlReport;
import dev.tidewheel.workbench.report.ControlReport.Losses;
import dev.tidewheel.workbench.report.Report;
import dev.tidewheel.workbench.report.Report.BookEntry;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.stack.Endpoints;
import dev.tidewheel.workbench.stack.OneMachine;
import dev.tidewheel.workbench.stack.RunDirectory;
import dev.tidewheel.workbench.stack.RunInfo;
import dev.tidewheel.workbench.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The story from definitions to the report. For the thread that makes it; {@link #stop} may be called by another. */
public final class Demo {
    private static final String PROJECT = "flights";
    private static final int PARTITIONS = 4;
    /** Periods that are judged. */
    private static final String SERVED = "served";

    private static final String BEYOND = "beyond";
    private static final int PARALLELISM = Integer.getInteger("tidewheel.parallelism", 2);
    private static final int MONITORING_PARALLELISM = 1;
    private static final Duration TOPICS_DEADLINE = Duration.ofSeconds(30);
    private static final Duration STORE_DEADLINE = Duration.ofSeconds(10);

    private final DemoSettings settings;
    private final Checkout checkout;
    private final RunDirectory run;
    private final Terminal terminal;
    private final Phases phases;
    private final Thread player = Thread.currentThread();
    private volatile boolean stopping;
    private volatile boolean playing;

    public Demo(DemoSettings settings, Checkout checkout, RunDirectory run, Terminal terminal) {
        this.settings = settings;
        this.checkout = checkout;
        this.run = run;
        this.terminal = terminal;
        this.phases = new Phases(terminal);
    }

    /**
     * Ends the lock-step after the step that it is in; the report then tells of what was done. Before the lock-step,
     * there is nothing to tell, and the story ends at once.
     */
    public void stop() {
        stopping = true;
        if (!playing) {
            player.interrupt();
        }
    }

    /**
     * Plays the whole story.
     *
     * @param afterwards called with the report while everything still runs
     */
    public Report play(Consumer<Report> afterwards) throws Exception {
        Script script = phases.during("check", "checking definitions and their tests", this::checkedScript);
        try (DemoStack stack = DemoStack.open(checkout, run, settings.redis())) {
            SourceStory story = start(stack, script);
            JobDriver job = apply(stack, script);
            Runnable check = () -> {
                stack.check();
                job.keepAlive();
            };
            try (LockStep lockStep = new LockStep(settings, script, story, stack, check, run.progress());
                    RawRows raw = new RawRows(stack.machine().warehouse(), script.columns())) {
                double historySeconds = history(check, lockStep, raw);
                Training training = train(stack, script, raw);
                serve(stack, script, lockStep);
                playing = true;
                phases.during("replay", "playing " + settings.from() + " to " + settings.to() + " in lock-step", () -> {
                    lockStep.play(() -> stopping, terminal);
                    return lockStep;
                });
                Report report = lookBack(stack, check, script, lockStep, raw, training, historySeconds);
                afterwards.accept(report);
                return report;
            }
        }
    }

    /** Sends what was known before the lock-step, and waits until it can be learnt from. */
    private double history(Runnable check, LockStep lockStep, RawRows raw) throws Exception {
        long begin = System.nanoTime();
        phases.during("history", "sending what was known by " + settings.from(), () -> {
            lockStep.catchUp();
            return lockStep;
        });
        double seconds = (System.nanoTime() - begin) / 1e9;
        phases.during("commit", "waiting until it is in the raw table", () -> {
            raw.await(lockStep.sent(), check);
            return raw;
        });
        return seconds;
    }

    private Training train(DemoStack stack, Script script, RawRows raw) throws Exception {
        Training training = new Training(script, stack, run);
        if (!training.done()) {
            ChangeHistory known = raw.read("training");
            phases.during("train", "building two training sets, training two models", () -> training.train(known));
        }
        return training;
    }

    private void serve(DemoStack stack, Script script, LockStep lockStep) throws Exception {
        phases.during("serve", "registering the models, starting serving and control", () -> {
            new Serving(stack, run.models())
                    .publish(script.model(), List.of(Training.HONEST, Training.NAIVE), Training.HONEST, begin());
            lockStep.begin();
            OneMachine machine = stack.machine();
            stack.supervisor()
                    .start(List.of(
                            machine.serving(
                                    PROJECT,
                                    script.model().name(),
                                    settings.injections().sidecar()),
                            machine.control()));
            return script;
        });
    }

    private Report lookBack(
            DemoStack stack,
            Runnable check,
            Script script,
            LockStep lockStep,
            RawRows raw,
            Training training,
            double historySeconds)
            throws Exception {
        TopicScan topics = new TopicScan(stack.kafka(), TOPICS_DEADLINE);
        Evaluation evaluation = new Evaluation(script, topics);
        ChangeHistory known = phases.during("commit", "waiting until all is in the raw table", () -> {
            raw.await(lockStep.sent(), check);
            return raw.read("served");
        });
        ParityReport parity = phases.during(
                "parity", "computing every served value again", () -> evaluation.parity(known, settings.bound()));
        ControlLookBack control = ControlLookBack.read(script.model().name(), topics);
        Books books = phases.during("books", "comparing store, topics and raw table", () -> {
            Books entered = evaluation.books(known, raw.imports(), lockStep.asked());
            enterStore(stack, script, topics, known, entered);
            control.enter(entered, evaluation.asked());
            return entered;
        });
        Optional<Report.Models> models = lockStep.asked() == 0
                ? Optional.empty()
                : Optional.of(phases.during(
                        "compare",
                        "asking both models offline",
                        () -> models(training, known, lockStep.played().reached(), evaluation)));
        models = beyond(script, training, models);
        List<Losses> losses = models.isEmpty() ? List.of() : losses(training, control, evaluation);
        return new Report(
                run.root().getFileName().toString(),
                stopping ? Report.Outcome.INTERRUPTED : Report.Outcome.COMPLETE,
                lockStep.played(),
                phases.done(),
                new Report.Events(
                        lockStep.sent(),
                        lockStep.history(),
                        lockStep.statesWritten(),
                        historySeconds == 0 ? 0 : lockStep.history() / historySeconds,
                        lockStep.freshness()),
                lockStep.serving(evaluation.predicted(), evaluation.labels()),
                books.equations().stream().map(Demo::reported).toList(),
                Optional.of(Evaluation.reported(parity)),
                models,
                Optional.of(control.report(settings.from(), lockStep.played().reached(), losses, lockStep.settled())),
                evaluation.days(),
                stack.supervisor().restarts(),
                machine());
    }

    private void enterStore(DemoStack stack, Script script, TopicScan topics, ChangeHistory known, Books books)
            throws Exception {
        RedisStoreConfig config =
                new RedisStoreConfig(stack.machine().endpoints().redis(), PROJECT, STORE_DEADLINE);
        Map<String, Definition> inForce = new Applier(stack.kafka()).inForce();
        try (RedisFeatureStore store = new RedisFeatureStore(config)) {
            new StoreBooks(script, topics, inForce)
                    .enter(books, known, store, settings.to().toEpochMilli());
        }
    }

    private Report.Models models(Training training, ChangeHistory known, Instant reached, Evaluation evaluation)
            throws InterruptedException {
        Training.Offline offline = training.judge(SERVED, known, settings.from(), reached);
        Performance online = evaluation.performance();
        TrainingSetManifest trainedOn = training.manifest();
        return new Report.Models(
                offline.naive(),
                offline.pointInTime(),
                offline.naiveServed(),
                online.auc(),
                online.rows(),
                trainedOn.rows(),
                Instant.parse(trainedOn.from()),
                Instant.parse(trainedOn.to()),
                Optional.empty());
    }

    /** Also judges the models on flights that were not played: from the file, by the same rules. */
    private Optional<Report.Models> beyond(Script script, Training training, Optional<Report.Models> models)
            throws Exception {
        if (models.isEmpty() || stopping || !settings.judgesBeyond()) {
            return models;
        }
        Training.Offline all = phases.during(
                "beyond",
                "asking both models about all flights to " + settings.judgeTo(),
                () -> training.judge(BEYOND, history(script, settings.judgeTo()), settings.from(), settings.judgeTo()));
        return Optional.of(models.get()
                .with(new Report.Beyond(
                        settings.from(),
                        settings.judgeTo(),
                        all.rows(),
                        all.naive(),
                        all.pointInTime(),
                        all.naiveServed())));
    }

    /** What was served, and what each version would have been worth, on every day that was judged. */
    private List<Losses> losses(Training training, ControlLookBack control, Evaluation evaluation) throws Exception {
        String period = settings.judgesBeyond() && !stopping ? BEYOND : SERVED;
        List<Losses> losses = new ArrayList<>();
        losses.add(new Losses(ControlReport.SERVED, evaluation.losses()));
        losses.addAll(phases.during(
                "losses",
                "asking every version that was trained about every day",
                () -> training.losses(period, control.versions())));
        return losses;
    }

    private static BookEntry reported(Equation equation) {
        return new BookEntry(
                equation.name() + ": " + equation.leftName() + " = " + equation.rightName(),
                equation.left(),
                equation.right());
    }

    private static Report.Machine machine() {
        return new Report.Machine(
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }

    /** When everything that the story begins with was defined: in story time, so that decisions about it replay alike. */
    private long begin() {
        return settings.from().toEpochMilli();
    }

    private Script checkedScript() {
        Script script = Script.load(settings.definitions());
        for (DefinitionTests.Result test : DefinitionTests.run(script.definitions())) {
            if (!test.passed()) {
                throw new WorkbenchException(
                        "the test '" + test.test() + "' of view " + test.view() + " failed:\n" + test.failures());
            }
        }
        return script;
    }

    /** Starts the infrastructure and reads the data meanwhile. */
    private SourceStory start(DemoStack stack, Script script) throws Exception {
        CompletableFuture<SourceStory> story = CompletableFuture.supplyAsync(() -> story(script));
        return phases.during("start", "starting Kafka, Redis and Flink", () -> {
            stack.supervisor().start(stack.machine().infrastructure(PARALLELISM + MONITORING_PARALLELISM));
            Endpoints endpoints = stack.machine().endpoints();
            remember(endpoints);
            tellWhere(endpoints);
            return story.join();
        });
    }

    /** For other commands. */
    private void remember(Endpoints endpoints) {
        new RunInfo(
                        endpoints.bootstrap(),
                        Endpoints.http(endpoints.flinkRest(), "/").toString(),
                        endpoints.redis().toString(),
                        settings.definitions().toAbsolutePath().toString(),
                        settings.data().toAbsolutePath().toString())
                .write(run);
    }

    private void tellWhere(Endpoints endpoints) {
        terminal.line("          Flink        " + Endpoints.http(endpoints.flinkRest(), "/"));
        terminal.line("          Kafka        " + endpoints.bootstrap());
        terminal.line("          metrics      workbench :" + endpoints.workbenchOps() + "  broker :"
                + endpoints.kafkaOps() + "  sidecar :" + endpoints.sidecarOps() + "  model server :"
                + endpoints.modelServerOps() + "  lifecycle :" + endpoints.lifecycleOps() + "  agent :"
                + endpoints.agentOps() + "  (/metrics)");
        terminal.line("                       jobmanager :" + endpoints.jobManagerMetrics() + "  taskmanager :"
                + endpoints.taskManagerMetrics());
        terminal.line("          logs         " + run.logs());
    }

    private SourceStory story(Script script) {
        try {
            return new SourceStory(
                    script.plan(),
                    history(script, settings.to()),
                    settings.from().toEpochMilli());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ChangeHistory history(Script script, Instant to) throws IOException {
        return FlightsHistory.read(settings.data(), script.columns(), settings.historyFrom(), to);
    }

    private JobDriver apply(DemoStack stack, Script script) throws Exception {
        return phases.during("apply", "applying definitions, submitting the jobs", () -> {
            List<TopicSpec> topics = new ArrayList<>(Topics.all());
            topics.add(Topics.replayed(script.source().only().topic(), PARTITIONS));
            new TopicCreator(stack.kafka(), TOPICS_DEADLINE).ensure(topics);
            Applier applier = new Applier(stack.kafka());
            Map<String, Definition> inForce = applier.inForce();
            applier.apply(ApplyPlan.of(script.definitions().toRegistry(), inForce), inForce, begin());
            OneMachine machine = stack.machine();
            JobDriver job = new JobDriver(
                    Endpoints.http(machine.endpoints().flinkRest(), ""),
                    List.of(
                            machine.featureJob(
                                    PROJECT,
                                    script.source().name(),
                                    PARALLELISM,
                                    settings.injections().job()),
                            machine.monitoringJob(PROJECT, MONITORING_PARALLELISM, settings.progress())));
            job.start();
            return job;
        });
    }
}
