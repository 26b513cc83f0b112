package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.FeatureJobConfig.Inject;
import dev.tidewheel.jobs.IdleReader;
import dev.tidewheel.jobs.TestFlights;
import dev.tidewheel.jobs.TestFlights.Flight;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.route.Routed;
import dev.tidewheel.jobs.route.Router;
import dev.tidewheel.jobs.source.RecordDecoder;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Router and keyed stage together: how often keys are written, behind the source and up to date. */
class PacedStageTest {
    private static final int BACKLOG = 5_000;
    private static final int AFTERWARDS = 20;
    /** Enough for a reader that was busy for long. */
    private static final long CAUGHT_UP_MILLIS = 420;

    private final FakeConnector connector = new FakeConnector();
    private final FakeConnector.World world = connector.world();
    private final List<Flight> flights = flights();
    private final RecordDecoder decoder = new RecordDecoder(TestFlights.layout("flights"), TestFlights.columns());

    private OneInputStreamOperatorTestHarness<SourceRecord, Routed> router;
    private KeyedOneInputStreamOperatorTestHarness<String, Routed, Refusal> stage;
    private int passedOn;
    private long now;

    @BeforeEach
    void open() throws Exception {
        router = router();
        stage = stage();
        router.open();
        stage.open();
    }

    @AfterEach
    void close() throws Exception {
        router.close();
        stage.close();
    }

    @Test
    void aBacklogIsWrittenSeldomAndWhatFollowsAtOnce() throws Exception {
        readBacklog();
        int seldom = keysWritten();
        assertThat(seldom).as("keys written for %d events", BACKLOG).isLessThan(BACKLOG / 4);

        IdleReader.waitForInput(router, CAUGHT_UP_MILLIS);
        pass(10);
        assertThat(acknowledged()).isEqualTo(BACKLOG);
        seldom = keysWritten();
        for (int i = BACKLOG; i < BACKLOG + AFTERWARDS; i++) {
            process(i);
            IdleReader.waitForInput(router, 3);
            pass(30);
            assertThat(acknowledged()).as("%d ms later", 30).isEqualTo(i + 1L);
        }
        assertThat(keysWritten() - seldom).isEqualTo(AFTERWARDS);
        assertStoreEqualsOracle();
    }

    @Test
    void aCheckpointFlushesWhatIsHeldBack() throws Exception {
        readBacklog();
        assertThat(acknowledged()).isLessThan(BACKLOG);

        router.prepareSnapshotPreBarrier(1);
        passOn();
        stage.prepareSnapshotPreBarrier(1);

        assertThat(acknowledged()).isEqualTo(BACKLOG);
    }

    /** By a reader that never waits. */
    private void readBacklog() throws Exception {
        for (int i = 0; i < BACKLOG; i++) {
            process(i);
            pass(2);
        }
    }

    /** Each has an origin that none of the fifty before it has. */
    private static List<Flight> flights() {
        List<Flight> flights = new ArrayList<>();
        for (int id = 0; id < BACKLOG + AFTERWARDS; id++) {
            long landing = TestFlights.START + 60_000L * id;
            flights.add(new Flight(id, landing - 3_600_000, landing, "airport-" + id % 50, "LAX", id % 90));
        }
        return flights;
    }

    private static OneInputStreamOperatorTestHarness<SourceRecord, Routed> router() throws Exception {
        return new OneInputStreamOperatorTestHarness<>(
                new Router(
                        "origin",
                        List.of("origin"),
                        TestFlights::columns,
                        Duration.ofMillis(5),
                        Duration.ofSeconds(1),
                        Inject.NONE,
                        List.of()),
                8,
                1,
                0);
    }

    private KeyedOneInputStreamOperatorTestHarness<String, Routed, Refusal> stage() throws Exception {
        StageSpec spec = new StageSpec(
                "flights",
                "origin",
                "flights",
                true,
                TestFlights.HORIZON,
                TestFlights::originViews,
                1_000,
                Duration.ofSeconds(5));
        return new KeyedOneInputStreamOperatorTestHarness<>(
                new TileOperatorFactory(spec, connector), Routed::key, Types.STRING, 8, 1, 0);
    }

    /** Kafka's timestamp says nothing: only the reader tells whether the job is behind. */
    private void process(int id) throws Exception {
        router.processElement(new StreamRecord<>(
                decoder.decode(0, id, -1, null, flights.get(id).avro())));
        passOn();
    }

    private void pass(long millis) throws Exception {
        now += millis;
        router.setProcessingTime(now);
        passOn();
    }

    private void passOn() throws Exception {
        List<Routed> routed = router.extractOutputValues();
        for (Routed each : routed.subList(passedOn, routed.size())) {
            stage.processElement(new StreamRecord<>(each));
        }
        passedOn = routed.size();
        TaskMailbox mailbox = stage.getTaskMailbox();
        for (var mail = mailbox.tryTake(0); mail.isPresent(); mail = mailbox.tryTake(0)) {
            mail.get().run();
        }
    }

    private int keysWritten() {
        return world.batches.stream().mapToInt(Map::size).sum();
    }

    private long acknowledged() {
        return world.lastFrontier().getPartitions().get(0).getNextOffset();
    }

    private void assertStoreEqualsOracle() {
        Map<String, List<Change>> byKey = new TreeMap<>();
        flights.forEach(flight -> byKey.computeIfAbsent(flight.origin(), none -> new ArrayList<>())
                .add(flight.change()));
        ViewPlan plan = TestFlights.originPlan();
        long end = flights.get(flights.size() - 1).landing();
        byKey.forEach((key, changes) -> {
            StoredState stored = world.store
                    .read(List.of(new ViewKey("origin_delays", TestFlights.LINEAGE, key)))
                    .toCompletableFuture()
                    .join()
                    .get(0);
            KeyState state = KeyState.decode(plan, stored.base(), stored.head());
            assertThat(state.read(end).row())
                    .as(key)
                    .isEqualTo(new NaiveOracle(plan, changes).valuesAt(end).row());
            assertThat(state.version().routed()).isEqualTo(changes.size());
        });
    }
}
