package dev.tidewheel.jobs.tile;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.route.OffsetMarker;
import dev.tidewheel.jobs.route.Routed;
import dev.tidewheel.jobs.route.RoutedChange;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/**
 * Runs one entity's stage of a program: random markers and watermarks, checkpoints at random places, and crashes, after
 * which everything since the checkpoint comes again. The store outlives the crashes.
 */
final class ProgramHarness {
    /** Plans do not travel in the job graph, numbers do. */
    private static final Map<Long, RandomProgram> PROGRAMS = new ConcurrentHashMap<>();

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final RandomProgram program;
    private final List<String> entity;
    private final StageConnector connector;
    private final Random random;
    private final boolean watermarks;
    private final boolean rocksdb;
    private final long number = NUMBERS.incrementAndGet();
    private KeyedOneInputStreamOperatorTestHarness<String, Routed, Refusal> harness;
    private ViewPlan keyed;
    private int crashes;

    /**
     * @param watermarks whether memory is freed: only where the program's clocks are right
     */
    ProgramHarness(RandomProgram program, List<String> entity, StageConnector connector, boolean watermarks) {
        this.program = program;
        this.entity = entity;
        this.connector = connector;
        this.watermarks = watermarks;
        random = new Random(program.seed());
        rocksdb = random.nextInt(4) == 0;
        PROGRAMS.put(number, program);
    }

    /** Everything arrives, whatever happens in between, and is flushed. */
    void run() throws Exception {
        try {
            play();
        } finally {
            PROGRAMS.remove(number);
        }
    }

    /** How often it crashed. */
    int crashes() {
        return crashes;
    }

    private void play() throws Exception {
        keyed = views(number, entity).get(0).plan();
        open(null);
        OperatorSubtaskState checkpoint = null;
        int from = 0;
        int next = 0;
        while (next < program.arrivals().size()) {
            route(program.arrivals().get(next++));
            int event = random.nextInt(60);
            if (event < 8) {
                mark(next);
            } else if (event == 8) {
                checkpoint = checkpoint();
                from = next;
            } else if (event == 9 && crashes < 3) {
                crashes++;
                crash();
                open(checkpoint);
                next = from;
            } else if (event == 10) {
                OperatorSubtaskState stopped = checkpoint();
                harness.close();
                open(stopped);
            }
        }
        mark(next);
        harness.close();
    }

    private void open(OperatorSubtaskState from) throws Exception {
        long mine = number;
        List<String> key = entity;
        StageSpec stage = new StageSpec(
                "program",
                String.join("+", entity),
                RandomProgram.TOPIC,
                program.declaresIds(),
                RandomProgram.HORIZON,
                () -> views(mine, key),
                1 + random.nextInt(40),
                Duration.ofSeconds(5));
        harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new TileOperatorFactory(stage, connector), Routed::key, Types.STRING, 8, 1, 0);
        harness.setStateBackend(rocksdb ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend());
        if (from != null) {
            harness.initializeState(from);
        }
        harness.open();
    }

    static List<StageView> views(long number, List<String> entity) {
        return PROGRAMS.get(number).plans().stream()
                .filter(plan -> plan.spec().entity().equals(entity))
                .map(plan -> new StageView(plan, StoredPrograms.LINEAGE))
                .toList();
    }

    /** A task that fails is closed without being finished: what was not flushed is lost. */
    private void crash() throws Exception {
        harness.getOperator().close();
    }

    private OperatorSubtaskState checkpoint() throws Exception {
        harness.prepareSnapshotPreBarrier(1);
        return harness.snapshot(1, 1);
    }

    private void route(Arrival arrival) throws Exception {
        String key = keyed.entityKey(arrival.change().row()).orElseThrow();
        harness.processElement(new StreamRecord<>(Routed.of(key, routed(arrival))));
    }

    private static RoutedChange routed(Arrival arrival) {
        Change change = arrival.change();
        return new RoutedChange(
                arrival.partition(),
                arrival.offset(),
                arrival.timestamp(),
                change.id().text(),
                change.id().high(),
                change.id().low(),
                change.eventTime(),
                change.knownTime(),
                change.row().words(),
                change.row().strings(),
                change.row().nulls(),
                change.retraction());
    }

    /** Asks for a flush of everything that arrived. */
    private void mark(int arrived) throws Exception {
        Map<Integer, Long> next = new TreeMap<>();
        Map<Integer, Long> greatest = new TreeMap<>();
        for (Arrival arrival : program.arrivals()) {
            next.put(arrival.partition(), 0L);
            greatest.put(arrival.partition(), Long.MIN_VALUE);
        }
        for (Arrival arrival : program.arrivals().subList(0, arrived)) {
            next.put(arrival.partition(), arrival.offset() + 1);
            if (!arrival.change().isLate(RandomProgram.HORIZON)) {
                greatest.merge(arrival.partition(), arrival.change().knownTime(), Math::max);
            }
        }
        Set<Integer> toCome = new HashSet<>();
        // An import that is read brings nothing more, and is idle.
        program.arrivals().subList(arrived, program.arrivals().size()).stream()
                .map(Arrival::partition)
                .forEach(toCome::add);
        greatest.keySet().removeIf(partition -> Channels.isImport(partition) && !toCome.contains(partition));
        long reached = greatest.values().stream().min(Long::compare).orElse(Long.MIN_VALUE);
        harness.processElement(new StreamRecord<>(Routed.of(
                "marker",
                new OffsetMarker(
                        next.keySet().stream().mapToInt(Integer::intValue).toArray(),
                        next.values().stream().mapToLong(Long::longValue).toArray()))));
        TaskMailbox mailbox = harness.getTaskMailbox();
        for (var mail = mailbox.tryTake(0); mail.isPresent(); mail = mailbox.tryTake(0)) {
            mail.get().run();
        }
        if (watermarks && reached != Long.MIN_VALUE) {
            harness.processWatermark(reached - Duration.ofHours(1).toMillis());
        }
    }
}
