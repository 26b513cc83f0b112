package dev.tidewheel.workbench.inspect;

import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.history.books.DeadLetters;
import dev.tidewheel.history.parity.Parity;
import dev.tidewheel.history.parity.ParityReport;
import dev.tidewheel.history.parity.ParitySettings;
import dev.tidewheel.history.served.FrontierIndex;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.topic.TopicScan;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.Inference;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.workbench.demo.Script;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.stack.OneMachine;
import dev.tidewheel.workbench.stack.ProcessSpec;
import dev.tidewheel.workbench.stack.RunDirectory;
import dev.tidewheel.workbench.stack.RunInfo;
import dev.tidewheel.workbench.stack.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the tables and topics of a run, whether it still runs or not: if its broker has gone, one is started on its data
 * for as long as this is open. For one thread.
 */
public final class RunReader implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Script script;
    private final OneMachine machine;
    private final RunDirectory run;
    private final RunInfo info;
    private Optional<Supervisor> broker = Optional.empty();

    private RunReader(Script script, OneMachine machine, RunDirectory run, RunInfo info) {
        this.script = script;
        this.machine = machine;
        this.run = run;
        this.info = info;
    }

    /**
     * Opens a run.
     *
     * @throws dev.tidewheel.workbench.WorkbenchException if there was never such a run
     */
    public static RunReader open(Checkout checkout, RunDirectory run) {
        RunInfo info = RunInfo.read(run);
        Script script = Script.load(Path.of(info.definitions()));
        return new RunReader(script, new OneMachine(checkout, run, Optional.empty()), run, info);
    }

    /** The definitions that the run played. */
    public Script script() {
        return script;
    }

    /** Where the run's tables are. */
    public WarehouseConfig warehouse() {
        return machine.warehouse();
    }

    /** All committed records of the model's source. */
    public ChangeHistory raw() {
        try (Warehouse warehouse = Warehouse.open(warehouse())) {
            return warehouse.raw(script.source().name()).readNewest(script.columns());
        }
    }

    /** The same for every view of the model's service. */
    public Map<String, ChangeHistory> histories() {
        ChangeHistory raw = raw();
        Map<String, ChangeHistory> histories = new HashMap<>();
        for (ViewRead read : script.service().reads()) {
            histories.put(read.view().spec().name(), raw);
        }
        return histories;
    }

    /** The run's Kafka. */
    public KafkaConfig kafka() throws InterruptedException {
        if (run.pids().running(OneMachine.BROKER).isPresent() && broker.isEmpty()) {
            return new KafkaConfig(info.bootstrap());
        }
        if (broker.isEmpty()) {
            Supervisor supervisor = new Supervisor(run.logs(), run.pids());
            broker = Optional.of(supervisor);
            supervisor.start(machine.broker());
        }
        return new KafkaConfig(machine.endpoints().bootstrap());
    }

    /** The run's topics. */
    public TopicScan topics() throws InterruptedException {
        return new TopicScan(kafka(), DEADLINE);
    }

    /** All flushes that the run's jobs announced. */
    public FrontierIndex frontiers() throws InterruptedException {
        FrontierIndex index = new FrontierIndex();
        topics().scan(Topics.FRONTIERS, Frontier.class, index::add);
        return index;
    }

    /** All dead letters of the run, each once. */
    public DeadLetters deadLetters() throws InterruptedException {
        DeadLetters letters = new DeadLetters();
        topics().scan(Topics.DEAD_LETTERS, DeadLetter.class, letters::add);
        return letters;
    }

    /** Computes everything again that the run has served. */
    public ParityReport parity(ParitySettings settings) throws InterruptedException {
        try (Parity parity =
                new Parity(script.service(), script.serviceHash(), histories(), frontiers(), deadLetters(), settings)) {
            topics().scan(Topics.INFERENCES, Inference.class, parity::add);
            return parity.result();
        }
    }

    /**
     * What a replay of decisions found.
     *
     * @param exitCode 0 if all decisions are the same, 1 if one is not
     * @param text for people
     */
    public record Replayed(int exitCode, String text) {}

    /** Decides everything once more, in a process of its own. */
    public Replayed replayLifecycle() throws InterruptedException {
        ProcessSpec replay = machine.lifecycleReplay(kafka().bootstrap());
        ProcessBuilder builder = new ProcessBuilder(replay.command()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(replay.environment());
        try {
            Process process = builder.start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Replayed(process.waitFor(), text.strip());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + replay.name(), e);
        }
    }

    @Override
    public void close() {
        broker.ifPresent(Supervisor::close);
    }
}
