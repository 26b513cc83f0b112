package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.TestErasures;
import dev.tidewheel.jobs.TestFlights;
import dev.tidewheel.jobs.TestFlights.Flight;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.route.OffsetMarker;
import dev.tidewheel.jobs.route.Routed;
import dev.tidewheel.jobs.route.RoutedChange;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.runtime.erase.ErasedEntities;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoreUnavailableException;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.function.SerializableSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TileOperatorTest {
    private static final long NOON = TestFlights.START + Duration.ofHours(12).toMillis();

    private final FakeConnector connector = new FakeConnector();
    private final FakeConnector.World world = connector.world();
    private KeyedOneInputStreamOperatorTestHarness<String, Routed, Refusal> harness;
    private long offset;

    @AfterEach
    void close() throws Exception {
        if (harness != null) {
            harness.close();
        }
    }

    @Test
    void announcesBeforeItWritesAndAcknowledgesAfterwards() throws Exception {
        open(2_000);
        world.takeLog();
        world.frontiersWait = new CompletableFuture<>();
        world.writesWait = new CompletableFuture<>();

        route(flight(1, NOON));
        mark(1);
        assertThat(world.takeLog()).containsExactly("ANNOUNCED 2");

        world.frontiersWait.complete(null);
        assertThat(world.takeLog()).containsExactly("WRITE 1");

        world.writesWait.complete(null);
        assertThat(world.takeLog()).as("the subtask's thread acknowledges").isEmpty();
        runMails();
        assertThat(world.takeLog()).containsExactly("ACKNOWLEDGED 2");
    }

    @Test
    void aFlushWithoutChangedKeysIsOnlyAcknowledged() throws Exception {
        open(2_000);
        world.takeLog();

        mark(17);

        assertThat(world.takeLog()).containsExactly("ACKNOWLEDGED 2");
        assertThat(cut(world.lastFrontier())).isEqualTo(Map.of(0, 17L));
    }

    @Test
    void aHotKeyIsWrittenOncePerFlush() throws Exception {
        open(2_000);
        for (int id = 0; id < 100; id++) {
            route(flight(id, NOON + id));
        }
        mark(100);

        assertThat(world.batches)
                .singleElement()
                .satisfies(batch -> assertThat(batch).hasSize(1));
    }

    @Test
    void changesDuringAFlushWaitForTheNextOne() throws Exception {
        open(2_000);
        world.takeLog();
        world.writesWait = new CompletableFuture<>();
        route(flight(1, NOON));
        mark(1);
        route(flight(2, NOON + 1));
        mark(2);
        assertThat(world.takeLog()).containsExactly("ANNOUNCED 2", "WRITE 1");

        world.writesWait.complete(null);
        runMails();

        assertThat(world.takeLog()).containsExactly("ACKNOWLEDGED 2", "ANNOUNCED 3", "WRITE 1", "ACKNOWLEDGED 3");
        assertThat(cut(world.lastFrontier())).isEqualTo(Map.of(0, 2L));
    }

    @Test
    void aFullSetOfChangedKeysIsFlushedUnasked() throws Exception {
        open(1);
        world.takeLog();

        route(flight(1, NOON));

        assertThat(world.takeLog()).startsWith("ANNOUNCED 2", "WRITE 1");
        assertThat(cut(world.lastFrontier()))
                .as("the change itself proves its offset")
                .isEqualTo(Map.of(0, 1L));
    }

    @Test
    void aCheckpointWaitsForStoreAndFrontier() throws Exception {
        open(2_000);
        world.takeLog();
        CompletableFuture<Void> answer = new CompletableFuture<>();
        world.writesWait = answer;
        route(flight(1, NOON));
        Thread store = new Thread(() -> answer.complete(null));
        store.start();

        harness.prepareSnapshotPreBarrier(1);

        assertThat(answer).isCompleted();
        assertThat(world.takeLog()).containsExactly("ANNOUNCED 2", "WRITE 1", "ACKNOWLEDGED 2");
        store.join();
    }

    @Test
    void aFailedWriteFailsTheCheckpoint() throws Exception {
        open(2_000, Duration.ofMillis(1));
        world.writesWait =
                CompletableFuture.failedFuture(new StoreUnavailableException("down", new IllegalStateException()));
        route(flight(1, NOON));

        assertThatThrownBy(() -> harness.prepareSnapshotPreBarrier(1)).isInstanceOf(FlushFailedException.class);
        // A failed task is closed, never finished.
        harness.getOperator().close();
        harness = null;
    }

    @Test
    void aLateChangeIsADeadLetterAndCounted() throws Exception {
        open(2_000);
        route(new Flight(1, NOON - TestFlights.HORIZON - 1, NOON, "ORD", "LAX", 5));
        mark(1);

        assertThat(refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.reason()).isEqualTo(DeadLetterReason.LATE);
            assertThat(refusal.view()).isEqualTo("origin_delays");
            assertThat(refusal.offset()).isZero();
            assertThat(refusal.entityKey()).isEqualTo("ORD");
        });
        assertThat(stored("ORD").count(Disposition.LATE)).isEqualTo(1);
        assertThat(stored("ORD").version().routed()).isEqualTo(1);
    }

    @Test
    void anEventTooFarAheadIsADeadLetter() throws Exception {
        open(2_000);
        route(new Flight(1, NOON + TestFlights.FUTURE_LIMIT + 1, NOON, "ORD", "LAX", 5));

        assertThat(refusals()).extracting(Refusal::reason).containsExactly(DeadLetterReason.FUTURE);
    }

    @Test
    void aRepeatedIdCountsOnce() throws Exception {
        open(2_000);
        route(flight(1, NOON));
        mark(1);
        route(flight(1, NOON));
        mark(2);

        assertThat(stored("ORD").count(Disposition.APPLIED)).isEqualTo(1);
        assertThat(stored("ORD").count(Disposition.DUPLICATE)).isEqualTo(1);
    }

    @Test
    void idsAreForgottenWhenTheWatermarkPassesTheirHourAndTheHorizon() throws Exception {
        open(2_000);
        route(flight(1, NOON));
        assertThat(harness.numEventTimeTimers()).isEqualTo(1);
        long hourEnd =
                NOON - Duration.ofHours(1).toMillis() + Duration.ofHours(1).toMillis();

        harness.processWatermark(hourEnd + TestFlights.HORIZON - 1);
        assertThat(harness.numEventTimeTimers()).isEqualTo(1);

        harness.processWatermark(hourEnd + TestFlights.HORIZON);
        assertThat(harness.numEventTimeTimers()).isZero();

        route(flight(1, NOON));
        mark(2);
        assertThat(refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.reason()).isEqualTo(DeadLetterReason.STATE_FREED);
            assertThat(refusal.stage()).as("what books and parity look for").isEqualTo("dedupe/origin");
            assertThat(refusal.view()).isNull();
        });
        assertThat(stored("ORD").version().routed()).as("not routed").isEqualTo(1);
    }

    @Test
    void aCopyIsKnownByItsIdWhateverItsEventTime() throws Exception {
        open(2_000);
        route(flight(1, NOON));
        route(flight(1, NOON + Duration.ofHours(3).toMillis()));
        mark(2);

        assertThat(stored("ORD").count(Disposition.APPLIED)).isEqualTo(1);
        assertThat(stored("ORD").count(Disposition.DUPLICATE)).isEqualTo(1);
    }

    @Test
    void anIdThatCameAgainIsKeptForTheLaterHour() throws Exception {
        open(2_000);
        long later = NOON + Duration.ofHours(3).toMillis();
        route(flight(1, NOON));
        route(flight(1, later));
        harness.processWatermark(NOON + TestFlights.HORIZON);
        route(flight(1, later));
        route(flight(1, NOON));
        mark(4);

        assertThat(refusals()).as("still told from a first one").isEmpty();
        assertThat(stored("ORD").count(Disposition.DUPLICATE)).isEqualTo(3);
        int withId = harness.numKeyedStateEntries();
        harness.processWatermark(later + TestFlights.HORIZON);
        assertThat(harness.numKeyedStateEntries()).isLessThan(withId);
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void whatWasRefusedMakesItsCopyNoDuplicate() throws Exception {
        open(2_000);
        route(new Flight(1, NOON + TestFlights.FUTURE_LIMIT + 1, NOON, "ORD", "LAX", 5));
        route(flight(1, NOON));
        mark(2);

        assertThat(stored("ORD").count(Disposition.REJECTED)).isEqualTo(1);
        assertThat(stored("ORD").count(Disposition.APPLIED)).isEqualTo(1);
    }

    @Test
    void whatOneViewRefusedIsTheFirstToItThoughAnotherHasCounted() throws Exception {
        harness = harness(2_000, Duration.ofSeconds(5), TileOperatorTest::strictAndGenerous);
        harness.open();
        route(new Flight(1, NOON + TestFlights.FUTURE_LIMIT + 1, NOON, "ORD", "LAX", 5));
        route(flight(1, NOON));
        route(flight(1, NOON));
        mark(3);

        assertThat(refusals()).extracting(Refusal::view).containsExactly("origin_delays");
        assertThat(stored("ORD").count(Disposition.APPLIED)).isEqualTo(1);
        assertThat(stored("ORD").count(Disposition.DUPLICATE)).isEqualTo(1);
        StoredState generous = state("origin_flights", "ORD");
        KeyState counted = KeyState.decode(TestFlights.generousPlan(), generous.base(), generous.head());
        assertThat(counted.count(Disposition.DUPLICATE)).isEqualTo(2);
    }

    private static List<StageView> strictAndGenerous() {
        return List.of(
                new StageView(TestFlights.originPlan(), TestFlights.LINEAGE),
                new StageView(TestFlights.generousPlan(), TestFlights.LINEAGE));
    }

    @Test
    void aRestoredSubtaskNamesItsCutAtOnceAndGoesOnFromThere() throws Exception {
        open(2_000);
        route(flight(1, NOON));
        OperatorSubtaskState snapshot = checkpoint();
        long before = world.lastFrontier().getAttempt();
        world.takeLog();

        restore(snapshot);

        assertThat(world.takeLog()).containsExactly("ACKNOWLEDGED 1");
        assertThat(cut(world.lastFrontier())).isEqualTo(Map.of(0, 1L));
        assertThat(world.lastFrontier().getAttempt()).isGreaterThan(before);
        route(flight(1, NOON));
        route(flight(2, NOON + 1));
        mark(3);
        assertThat(stored("ORD").count(Disposition.APPLIED)).isEqualTo(2);
        assertThat(stored("ORD").count(Disposition.DUPLICATE)).isEqualTo(1);
    }

    @Test
    void anotherStoreIsRefilledWholeBeforeTheCutIsAcknowledged() throws Exception {
        open(2);
        for (int id = 0; id < 5; id++) {
            route(new Flight(id, NOON, NOON + 60_000, "A" + id, "LAX", id));
        }
        OperatorSubtaskState snapshot = checkpoint();
        world.identity = "second";
        world.store = new dev.tidewheel.store.InMemoryFeatureStore();
        world.takeLog();

        restore(snapshot);

        assertThat(world.store.entities("origin_delays", TestFlights.LINEAGE))
                .containsExactly("A0", "A1", "A2", "A3", "A4");
        assertThat(world.takeLog())
                .as("one acknowledgement, at the end")
                .containsExactly(
                        "ANNOUNCED 1", "WRITE 2", "ANNOUNCED 2", "WRITE 2", "ANNOUNCED 3", "WRITE 1", "ACKNOWLEDGED 4");
        assertThat(cut(world.lastFrontier())).isEqualTo(Map.of(0, 5L));
    }

    @Test
    void nothingIsLeftOfAnErasedEntityAfterARestore() throws Exception {
        open(2_000);
        route(new Flight(2, NOON, NOON + 1, "LAX", "ORD", 5));
        mark(1);
        int ofOther = harness.numKeyedStateEntries();
        route(flight(1, NOON));
        // An id that came again stands in the lists of two hours.
        route(flight(1, NOON + Duration.ofHours(3).toMillis()));
        OperatorSubtaskState snapshot = checkpoint();
        assertThat(harness.numEventTimeTimers()).isEqualTo(3);
        world.takeLog();

        restore(snapshot, TestErasures.of(Map.of("origin", "ORD")));

        assertThat(harness.numKeyedStateEntries()).isEqualTo(ofOther);
        assertThat(harness.numEventTimeTimers()).isEqualTo(1);
        assertThat(sizes().keys(0)).isEqualTo(1);
        assertThat(world.takeLog()).as("the store is another's business").containsExactly("ACKNOWLEDGED 1");
        assertThat(cut(world.lastFrontier())).as("was read").isEqualTo(Map.of(0, 3L));
        route(new Flight(3, NOON, NOON + 2, "LAX", "ORD", 5));
        mark(4);
        assertThat(stored("LAX").count(Disposition.APPLIED)).as("others go on").isEqualTo(2);
        long bytes = sizes().bytes(0);

        OperatorSubtaskState after = checkpoint();
        restore(after, TestErasures.of(Map.of("origin", "ORD")));
        assertThat(sizes().bytes(0)).isEqualTo(bytes);
    }

    @Test
    void aStoreThatIsRefilledGetsNothingOfAnErasedEntity() throws Exception {
        open(2_000);
        route(flight(1, NOON));
        route(new Flight(2, NOON, NOON + 1, "LAX", "ORD", 5));
        OperatorSubtaskState snapshot = checkpoint();
        world.identity = "second";
        world.store = new dev.tidewheel.store.InMemoryFeatureStore();

        restore(snapshot, TestErasures.of(Map.of("origin", "ORD")));

        assertThat(world.store.entities("origin_delays", TestFlights.LINEAGE)).containsExactly("LAX");
    }

    @Test
    void anotherListIsAppliedToACheckpointThatKnewAShorterOne() throws Exception {
        open(2_000);
        route(flight(1, NOON));
        route(new Flight(2, NOON, NOON + 1, "LAX", "ORD", 5));
        OperatorSubtaskState snapshot = checkpoint();
        restore(snapshot, TestErasures.of(Map.of("origin", "ORD")));
        OperatorSubtaskState shorter = checkpoint();

        restore(shorter, TestErasures.of(Map.of("origin", "ORD"), Map.of("origin", "LAX")));

        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    /** An empty successor takes a small flush well: that says nothing of what was written before. */
    @Test
    void aFlushThatReachesAnotherStoreIsNotAcknowledged() throws Exception {
        open(2_000);
        world.takeLog();
        route(flight(1, NOON));
        world.identity = "second";

        assertThatThrownBy(() -> mark(1)).isInstanceOf(StoreReplacedException.class);
        assertThat(world.takeLog()).containsExactly("ANNOUNCED 2", "WRITE 1");
        harness.getOperator().close();
        harness = null;
    }

    @Test
    void aViewThatTheSavepointDoesNotKnowIsRefused() throws Exception {
        open(2_000);
        route(flight(1, NOON));
        OperatorSubtaskState snapshot = checkpoint();
        harness.close();
        harness = harness(2, Duration.ofSeconds(5), TileOperatorTest::nextLineage);
        harness.initializeState(snapshot);
        world.takeLog();

        assertThatThrownBy(harness::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("origin_delays@4")
                .hasMessageContaining("without a savepoint");
        assertThat(world.takeLog()).as("no cut is claimed").isEmpty();
        harness.getOperator().close();
        harness = null;
    }

    @Test
    void aLineageThatAnotherDefinitionWroteIsRefused() throws Exception {
        open(2_000);
        route(flight(1, NOON));
        OperatorSubtaskState snapshot = checkpoint();
        harness.close();
        harness = harness(2, Duration.ofSeconds(5), TileOperatorTest::anotherDefinition);
        harness.initializeState(snapshot);
        world.takeLog();

        assertThatThrownBy(harness::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("origin_delays@3 were written by another definition")
                .hasMessageContaining("a lineage of its own");
        assertThat(world.takeLog()).as("nothing is written").isEmpty();
        harness.getOperator().close();
        harness = null;
    }

    private static List<StageView> anotherDefinition() {
        return List.of(new StageView(TestFlights.changedOriginPlan(), TestFlights.LINEAGE));
    }

    @Test
    void theStatesOfAViewThatWasRemovedAreFreed() throws Exception {
        harness = harness(2, Duration.ofSeconds(5), TileOperatorTest::strictAndGenerous);
        harness.open();
        for (int id = 0; id < 10; id++) {
            route(new Flight(id, NOON - 60_000, NOON, "K" + id, "LAX", 5));
        }
        OperatorSubtaskState snapshot = checkpoint();
        int withBoth = harness.numKeyedStateEntries();

        restore(snapshot);
        OperatorSubtaskState without = checkpoint();
        int withOne = harness.numKeyedStateEntries();
        restore(without);

        assertThat(withBoth - withOne).as("heads and bases of ten keys").isGreaterThanOrEqualTo(10);
        assertThat(harness.numKeyedStateEntries()).isEqualTo(withOne);
        route(new Flight(10, NOON, NOON + 1, "K0", "LAX", 5));
        mark(11);
        assertThat(stored("K0").version().routed()).isEqualTo(2);
    }

    @Test
    void stateIsMeasuredAsItGrowsAndOverRestores() throws Exception {
        harness = harness(2, Duration.ofSeconds(5), TileOperatorTest::strictAndGenerous);
        harness.open();
        for (int id = 0; id < 30; id++) {
            route(new Flight(id, NOON - 60_000 + id, NOON + id, "K" + id % 7, "LAX", 5));
        }
        OperatorSubtaskState snapshot = checkpoint();
        long bytes = sizes().bytes(0);
        assertThat(sizes().keys(0)).isEqualTo(7);
        assertThat(sizes().keys(1)).isEqualTo(7);
        assertThat(bytes).isEqualTo(storedBytes("origin_delays"));

        restore(snapshot);
        assertThat(sizes().keys(0)).isEqualTo(7);
        assertThat(sizes().bytes(0)).as("remembered").isEqualTo(bytes);
        route(new Flight(30, NOON, NOON + 100, "K0", "LAX", 5));
        route(new Flight(31, NOON, NOON + 100, "K7", "LAX", 5));
        checkpoint();

        assertThat(sizes().keys(0)).isEqualTo(8);
        assertThat(sizes().bytes(0)).isEqualTo(storedBytes("origin_delays"));
        int groups = harness.getEnvironment().getTaskInfo().getMaxNumberOfParallelSubtasks();
        StateSizes counted = new StateSizes(TestFlights.originViews(), new KeyGroupRange(0, groups - 1), groups);
        states(counted).measure();
        assertThat(counted.snapshot()).isEqualTo(sizes().snapshot());
    }

    private StateSizes sizes() {
        return ((TileOperator) harness.getOperator()).sizes();
    }

    private KeyStates states(StateSizes counted) throws Exception {
        TileOperator operator = (TileOperator) harness.getOperator();
        return new KeyStates(operator.getKeyedStateBackend(), TestFlights.originViews(), counted);
    }

    private long storedBytes(String view) {
        return world.store.entities(view, TestFlights.LINEAGE).stream()
                .map(key -> state(view, key))
                .mapToLong(state -> state.head().length + state.base().length)
                .sum();
    }

    private static List<StageView> nextLineage() {
        return List.of(new StageView(TestFlights.originPlan(), TestFlights.LINEAGE + 1));
    }

    @Test
    void aStoreThatIsNotThereYetIsWaitedFor() throws Exception {
        world.absent = 2;

        open(2_000);

        assertThat(world.takeLog()).containsExactly("ACKNOWLEDGED 1");
    }

    @Test
    void aStoreThatIsReplacedWhileRunningFailsTheJob() throws Exception {
        open(2_000);
        world.identity = "second";

        harness.setProcessingTime(StoreGuard.INTERVAL.toMillis());

        assertThatThrownBy(this::runMails).isInstanceOf(StoreReplacedException.class);
    }

    @Test
    void everyStoredValueEqualsTheOracleOverRandomFlightsAndRestores() throws Exception {
        long seed = 20010101L;
        List<Flight> flights = TestFlights.random(seed, 600);
        open(50);
        for (int i = 0; i < flights.size(); i++) {
            route(flights.get(i));
            if (i % 37 == 0) {
                mark(offset);
            }
            if (i % 211 == 210) {
                restore(checkpoint());
            }
        }
        mark(offset);

        Map<String, List<Change>> byKey = flights.stream()
                .collect(
                        Collectors.groupingBy(Flight::origin, Collectors.mapping(Flight::change, Collectors.toList())));
        long end =
                flights.get(flights.size() - 1).landing() + Duration.ofHours(1).toMillis();
        ViewPlan plan = TestFlights.originPlan();
        byKey.forEach((key, changes) -> {
            NaiveOracle oracle = new NaiveOracle(plan, changes);
            for (long t : new long[] {end, end + 3_600_000, end + 86_400_000}) {
                assertThat(stored(key).read(t).row())
                        .as("key %s at %d, seed %d", key, t, seed)
                        .isEqualTo(oracle.valuesAt(t).row());
            }
            assertThat(stored(key).version().routed()).isEqualTo(changes.size());
        });
    }

    /** What parity does with served values: look the cut up, recompute from the records in it. */
    @Test
    void everyStoredValueIsExactlyThatOfItsAnnouncedCut() throws Exception {
        long seed = 42;
        Random random = new Random(seed);
        List<Flight> flights = TestFlights.random(seed, 400);
        ViewPlan plan = TestFlights.originPlan();
        open(3);
        long[] offsets = new long[3];
        Map<String, List<Arrived>> arrived = new HashMap<>();
        int compared = 0;
        long newest = 0;
        for (Flight flight : flights) {
            newest = Math.max(newest, flight.landing());
            int partition = random.nextInt(3);
            route(flight, partition, offsets[partition]);
            arrived.computeIfAbsent(flight.origin(), none -> new ArrayList<>())
                    .add(new Arrived(flight.change(), partition, offsets[partition]++));
            if (random.nextInt(5) == 0) {
                mark(partition, offsets[partition]);
            }
            StoredState state = state(flight.origin());
            if (state != null) {
                Map<Integer, Long> cut = cut(announced(state.flush()));
                List<Arrived> ofKey = arrived.get(flight.origin());
                long t = newest;
                assertThat(KeyState.decode(plan, state.base(), state.head())
                                .read(t)
                                .row())
                        .as("%s at %d in cut %s, seed %d", flight.origin(), t, cut, seed)
                        .isEqualTo(new NaiveOracle(
                                        plan,
                                        ofKey.stream().map(Arrived::change).toList())
                                .valuesAt(t, index -> ofKey.get(index).isIn(cut))
                                .row());
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(300);
    }

    private record Arrived(Change change, int partition, long offset) {
        boolean isIn(Map<Integer, Long> cut) {
            return offset < cut.getOrDefault(partition, 0L);
        }
    }

    private Frontier announced(FlushId flush) {
        return world.frontiers.stream()
                .filter(frontier -> frontier.getPhase() == FrontierPhase.ANNOUNCED
                        && frontier.getAttempt() == flush.attempt()
                        && frontier.getFlush() == flush.flush())
                .findFirst()
                .orElseThrow();
    }

    private void open(int maxKeys) throws Exception {
        open(maxKeys, Duration.ofSeconds(5));
    }

    private void open(int maxKeys, Duration deadline) throws Exception {
        harness = harness(maxKeys, deadline);
        harness.open();
    }

    private void restore(OperatorSubtaskState snapshot) throws Exception {
        restore(snapshot, ErasedEntities.NONE);
    }

    private void restore(OperatorSubtaskState snapshot, ErasedEntities erased) throws Exception {
        harness.close();
        harness = harness(2, Duration.ofSeconds(5), TestFlights::originViews, erased);
        harness.initializeState(snapshot);
        harness.open();
    }

    private KeyedOneInputStreamOperatorTestHarness<String, Routed, Refusal> harness(int maxKeys, Duration deadline)
            throws Exception {
        return harness(maxKeys, deadline, TestFlights::originViews);
    }

    private KeyedOneInputStreamOperatorTestHarness<String, Routed, Refusal> harness(
            int maxKeys, Duration deadline, SerializableSupplier<List<StageView>> views) throws Exception {
        return harness(maxKeys, deadline, views, ErasedEntities.NONE);
    }

    private KeyedOneInputStreamOperatorTestHarness<String, Routed, Refusal> harness(
            int maxKeys, Duration deadline, SerializableSupplier<List<StageView>> views, ErasedEntities erased)
            throws Exception {
        StageSpec stage = new StageSpec(
                "flights",
                "origin",
                Channels.of("flights"),
                List.of(true),
                TestFlights.HORIZON,
                views,
                FlushLimits.of(maxKeys),
                deadline,
                erased,
                Map.of());
        return new KeyedOneInputStreamOperatorTestHarness<>(
                new TileOperatorFactory(stage, connector), Routed::key, Types.STRING, 8, 1, 0);
    }

    private OperatorSubtaskState checkpoint() throws Exception {
        harness.prepareSnapshotPreBarrier(1);
        return harness.snapshot(1, 1);
    }

    /** A flight from ORD that was an hour in the air. */
    private static Flight flight(long id, long landing) {
        return new Flight(id, landing - Duration.ofHours(1).toMillis(), landing, "ORD", "LAX", 5);
    }

    private void route(Flight flight) throws Exception {
        route(flight, 0, offset++);
    }

    private void route(Flight flight, int partition, long offset) throws Exception {
        Change change = flight.change();
        RoutedChange routed = new RoutedChange(
                partition,
                offset,
                flight.landing(),
                change.id().text(),
                change.id().high(),
                change.id().low(),
                change.eventTime(),
                change.knownTime(),
                change.row().words(),
                change.row().strings(),
                change.row().nulls());
        harness.processElement(new StreamRecord<>(Routed.of(flight.origin(), routed)));
    }

    private void mark(long nextOffset) throws Exception {
        mark(0, nextOffset);
    }

    private void mark(int partition, long nextOffset) throws Exception {
        OffsetMarker marker = new OffsetMarker(new int[] {partition}, new long[] {nextOffset});
        harness.processElement(new StreamRecord<>(Routed.of("marker", marker)));
        runMails();
    }

    private void runMails() throws Exception {
        TaskMailbox mailbox = harness.getTaskMailbox();
        for (var mail = mailbox.tryTake(0); mail.isPresent(); mail = mailbox.tryTake(0)) {
            mail.get().run();
        }
    }

    private List<Refusal> refusals() {
        return harness.extractOutputValues();
    }

    private KeyState stored(String key) {
        StoredState state = state(key);
        return KeyState.decode(TestFlights.originPlan(), state.base(), state.head());
    }

    private StoredState state(String key) {
        return state("origin_delays", key);
    }

    private StoredState state(String view, String key) {
        return world.store
                .read(List.of(new ViewKey(view, TestFlights.LINEAGE, key)))
                .toCompletableFuture()
                .join()
                .get(0);
    }

    private static Map<Integer, Long> cut(Frontier frontier) {
        return frontier.getPartitions().stream()
                .collect(Collectors.toMap(PartitionFrontier::getPartition, PartitionFrontier::getNextOffset));
    }
}
