package dev.tidewheel.history.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.history.Flights;
import dev.tidewheel.history.OnlineSimulation;
import dev.tidewheel.history.OnlineSimulation.Fault;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.records.Inference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BooksTest {
    private static final long END = Flights.START + 20 * Flights.DAY;

    private long seed;

    @BeforeEach
    void choose() {
        seed = new Random().nextLong();
    }

    @Test
    void aFaultlessRunBalances() {
        OnlineSimulation run = run(Fault.NONE);

        Books books = books(run, run.raw(run.topic.size()));

        assertThat(books.balance()).as("seed %d: %s", seed, books.equations()).isTrue();
        assertThat(books.equations())
                .hasSizeGreaterThan(12)
                .allSatisfy(equation -> assertThat(equation.toString()).contains(" = "));
    }

    @Test
    void whoeverAnswersARowCountsOnceAndTheShadowApart() {
        Inference row = run(Fault.NONE).ask(1).log.get(0);
        LoggedRows logged = new LoggedRows("late-arrival");
        for (int request = 0; request < 10; request++) {
            Inference answer = Inference.newBuilder(row)
                    .setRequestId("q" + request)
                    .setArm(request < 3 ? "canary" : "champion")
                    .setModelVersion(request < 3 ? "2" : "1")
                    .build();
            logged.add(answer);
            logged.add(answer); // delivered at least once
        }
        logged.add(Inference.newBuilder(row).setRequestId("q0").build()); // the canary had failed
        for (int request = 0; request < 4; request++) {
            logged.add(Inference.newBuilder(row)
                    .setRequestId("q" + request)
                    .setArm("shadow")
                    .setModelVersion("3")
                    .build());
        }

        assertThat(logged.requests()).isEqualTo(10);
        assertThat(logged.ofVersion("1")).isEqualTo(8);
        assertThat(logged.ofVersion("2")).isEqualTo(3);
        assertThat(new Books().arms("late-arrival", logged, 11, 1, 6, 2).balance())
                .isTrue();
        assertThat(new Books().arms("late-arrival", logged, 10, 1, 6, 2).balance())
                .isFalse();
        assertThat(new Books().arms("late-arrival", logged, 11, 1, 6, 1).balance())
                .isFalse();
    }

    @Test
    void aLostChangeDoesNot() {
        OnlineSimulation run = run(Fault.DROP);

        Books books = books(run, run.raw(run.topic.size()));

        assertThat(books.equations().stream().filter(equation -> !equation.holds()))
                .as("seed %d", seed)
                .anyMatch(equation -> equation.name().equals("view origin_delays, routed"))
                .anyMatch(equation -> equation.name().equals("view origin_delays, APPLIED"));
    }

    @Test
    void whatCameAfterItsStateWasFreedIsAClassOfItsOwn() {
        OnlineSimulation run = run(Fault.FREED);

        Books books = books(run, run.raw(run.topic.size()));

        assertThat(books.balance()).as("seed %d: %s", seed, books.equations()).isTrue();
        assertThat(books.equations())
                .filteredOn(equation -> equation.name().endsWith("state freed"))
                .hasSize(2)
                .allSatisfy(equation ->
                        assertThat(equation.left()).as("seed %d", seed).isPositive());
        for (ViewRead read : run.service.reads()) {
            StoreCheck.Outcome outcome =
                    check(run, read, run.states(read.view().spec().name()));
            assertThat(outcome.isEqual()).as("seed %d: %s", seed, outcome).isTrue();
        }
    }

    @Test
    void aRecordThatTheRawTableLacksIsMissed() {
        OnlineSimulation run = run(Fault.NONE);

        Books books = books(run, run.raw(run.topic.size() - 1));

        assertThat(books.equations().stream().filter(equation -> !equation.holds()))
                .as("seed %d", seed)
                .anyMatch(equation -> equation.name().startsWith("source flights, partition"));
    }

    @Test
    void atRestEveryKeyIsTheOracles() {
        OnlineSimulation run = run(Fault.NONE);

        for (ViewRead read : run.service.reads()) {
            StoreCheck.Outcome outcome =
                    check(run, read, run.states(read.view().spec().name()));

            assertThat(outcome.isEqual()).as("seed %d: %s", seed, outcome).isTrue();
            assertThat(outcome.values()).isGreaterThan(outcome.keys());
        }
    }

    @Test
    void aStoreWithFaultsIsSeenThrough() {
        OnlineSimulation run = run(Fault.DUPLICATE);
        ViewRead read = run.service.reads().get(1);
        Map<String, KeyState> states = new HashMap<>(run.states("route_delays"));
        String lost = states.keySet().iterator().next();
        states.remove(lost);
        states.put("LHR|FRA", new KeyState(read.view()));

        StoreCheck.Outcome outcome = check(run, read, states);

        assertThat(outcome.missing()).containsExactly(lost);
        assertThat(outcome.superfluous()).containsExactly("LHR|FRA");
        assertThat(outcome.different()).as("seed %d", seed).isPositive();
        assertThat(outcome.examples().get(0)).contains("should be");
    }

    @Test
    void aCheckOfNothingShowsNothing() {
        OnlineSimulation run = new OnlineSimulation(new Random(seed), 0, Fault.NONE);
        ViewRead read = run.service.reads().get(0);

        assertThat(check(run, read, Map.of()).isEqual()).isFalse();
        assertThatThrownBy(() ->
                        new StoreCheck(read.view(), run.raw(0), Set.of()).compare(new States(Map.of()), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without a time");
    }

    private OnlineSimulation run(Fault fault) {
        return new OnlineSimulation(new Random(seed), 2_000, fault).finish();
    }

    private static StoreCheck.Outcome check(OnlineSimulation run, ViewRead read, Map<String, KeyState> states) {
        return new StoreCheck(
                        read.view(),
                        run.raw(run.topic.size()),
                        letters(run).freed(read.view().spec().entity(), 0))
                .compare(new States(states), List.of(END, END + Flights.HOUR));
    }

    private record States(Map<String, KeyState> byEntity) implements StoreCheck.States {
        @Override
        public List<String> entities() {
            return List.copyOf(byEntity.keySet());
        }

        @Override
        public Optional<KeyState> state(String entity) {
            return Optional.ofNullable(byEntity.get(entity));
        }
    }

    private static DeadLetters letters(OnlineSimulation run) {
        DeadLetters letters = new DeadLetters();
        run.deadLetters.forEach(letters::add);
        run.deadLetters.forEach(letters::add); // delivered at least once
        return letters;
    }

    private static Books books(OnlineSimulation run, ChangeHistory raw) {
        Map<Integer, Long> ends = new HashMap<>();
        for (int i = 0; i < run.topic.size(); i++) {
            ends.merge(run.partitions[i], run.offsets[i] + 1, Math::max);
        }
        DeadLetters letters = letters(run);
        Books books = new Books().source(raw, ends).model("late-arrival", 10, 8, 2);
        for (ViewRead read : run.service.reads()) {
            String view = read.view().spec().name();
            ViewCounts counts = new ViewCounts();
            long lifetime = 0;
            int total = read.view().features().slot("total");
            for (KeyState state : run.states(view).values()) {
                counts.add(state);
                lifetime += state.read(END).row().getLong(total);
            }
            books.view(read.view(), raw, counts, letters, 0).lifetime(view, lifetime, counts);
        }
        return books;
    }
}
