package dev.tidewheel.feature.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.window.Window;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random programs: whatever happens, tiles and the naive scan agree bit for bit, status for status, book for book. */
class KeyStateAgainstOracleTest {
    /** More by {@code -Dprograms=…}. */
    private static final int PROGRAMS = Integer.getInteger("programs", 60);

    private record Identity(boolean retraction, EventId id) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyExactReadEqualsTheNaiveScan(long seed) {
        Met met = new Met();
        for (int program = 0; program < PROGRAMS; program++) {
            new Program(seed * 1_000 + program, met).run();
        }
        met.everything();
    }

    /** What the programs came across: a comparison that never meets an overflow proves nothing about overflows. */
    private static final class Met {
        final Set<Status> statuses = EnumSet.noneOf(Status.class);
        final Set<Disposition> dispositions = EnumSet.noneOf(Disposition.class);
        final Map<String, Integer> windows = new TreeMap<>();
        int retractions;
        int folds;
        int lowered;
        int readsOfRaw;

        void met(Window window, Status status) {
            windows.merge(window.getClass().getSimpleName() + " " + status, 1, Integer::sum);
        }

        void everything() {
            assertThat(windows)
                    .containsKeys("Exact OK", "Exact TRUNCATED", "Hopping OK", "Hopping NULL", "Session OK")
                    .containsKeys("Session NULL", "Rows OK", "Sliding OK", "Lifetime OK");
            assertThat(statuses).contains(Status.OK, Status.NULL, Status.OVERFLOW, Status.TRUNCATED);
            assertThat(dispositions).containsExactlyInAnyOrder(Disposition.values());
            assertThat(List.of(retractions, folds, readsOfRaw)).allMatch(count -> count >= 10);
            assertThat(lowered).isGreaterThanOrEqualTo(5);
        }
    }

    private static final class Program {
        private final long seed;
        private final Met met;
        private final Random random;
        private final ViewPlan plan;
        private final List<Change> history;
        private final Set<Identity> seen = new HashSet<>();
        private KeyState state;
        private long newest = RandomHistory.START; // knownTime applied

        Program(long seed, Met met) {
            this.seed = seed;
            this.met = met;
            random = new Random(seed * 0x9E3779B97F4A7C15L); // neighbours would draw alike at first
            boolean retractions = random.nextBoolean();
            plan = RandomViews.plan(random, retractions && random.nextInt(8) != 0);
            long gap = List.of(500L, 30_000L, 600_000L).get(random.nextInt(3));
            history = new RandomHistory(random, retractions, 300_000).generate(20 + random.nextInt(150), gap);
            state = new KeyState(plan);
        }

        void run() {
            for (int arrived = 1; arrived <= history.size(); arrived++) {
                route(history.get(arrived - 1));
                disturb();
                if (random.nextInt(8) == 0 || arrived == history.size()) {
                    compare(arrived);
                }
            }
        }

        private void route(Change change) {
            Identity identity = new Identity(change.retraction(), change.id());
            Set<Explanation.Part> before = parts();
            Disposition disposition = state.route(change, seen.contains(identity));
            note(change, disposition, before);
            if (disposition == Disposition.APPLIED || disposition == Disposition.FILTERED) {
                seen.add(identity);
                newest = Math.max(newest, change.knownTime());
            }
        }

        private Set<Explanation.Part> parts() {
            return new HashSet<>(state.explain(Math.max(newest + 1, state.foldedThrough()), 0)
                    .parts());
        }

        private void note(Change change, Disposition disposition, Set<Explanation.Part> before) {
            met.dispositions.add(disposition);
            boolean refused = disposition == Disposition.REJECTED || disposition == Disposition.LATE;
            assertThat(refused || plan.rejection(change).isEmpty())
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(disposition != Disposition.REJECTED
                            || plan.rejection(change).isPresent())
                    .as("seed %d", seed)
                    .isTrue();
            if (disposition == Disposition.APPLIED && change.retraction()) {
                met.retractions++;
            }
            if (disposition == Disposition.DUPLICATE && !parts().equals(before)) {
                met.lowered++;
            }
        }

        private void disturb() {
            if (state.shouldFold() || random.nextInt(25) == 0) {
                met.folds++;
                state.fold();
            }
            if (random.nextInt(5) == 0) {
                byte[] base = state.encodeBase();
                byte[] head = state.encodeHead();
                state = KeyState.decode(plan, base, head);
                assertThat(state.encodeHead()).isEqualTo(head);
            }
        }

        private void compare(int arrived) {
            NaiveOracle oracle = new NaiveOracle(plan, history.subList(0, arrived));
            for (Disposition disposition : Disposition.values()) {
                assertThat(state.count(disposition))
                        .as("seed %d: %s", seed, disposition)
                        .isEqualTo(oracle.count(disposition));
            }
            assertThat(state.version().routed()).isEqualTo(arrived);
            for (int read = 0; read < 4; read++) {
                compareAt(oracle, readTime());
            }
            refuseBefore();
        }

        private long readTime() {
            long known = newest;
            long least = Math.max(state.foldedThrough(), RandomHistory.START);
            long t = switch (random.nextInt(7)) {
                case 0 -> least;
                case 5, 6 -> onAnEdge();
                case 1 -> known + random.nextInt(3) - 1;
                case 2 -> (known / 300_000 + 1) * 300_000 + random.nextInt(3) - 1;
                case 3 -> known + random.nextInt((int) RandomViews.DAY);
                default -> least + random.nextInt(30_000);
            };
            return Math.max(t, least);
        }

        /** Where an event leaves a window, or a session closes, give or take a millisecond. */
        private long onAnEdge() {
            List<FeatureSpec> features = plan.spec().features();
            Window window = features.get(random.nextInt(features.size())).window();
            long event = history.get(random.nextInt(history.size())).eventTime();
            long edge = window.tileMillis() == Window.ENDLESS
                    ? 0
                    : random.nextBoolean() ? window.tileMillis() : window.reachMillis();
            return event + edge + random.nextInt(3) - 1;
        }

        private void compareAt(NaiveOracle oracle, long t) {
            FeatureValues actual = state.read(t);
            FeatureValues expected = oracle.valuesAt(t);
            for (int slot = 0; slot < plan.features().size(); slot++) {
                String place = "seed " + seed + " at " + t + ": "
                        + plan.spec().features().get(slot);
                assertThat(actual.status(slot)).as(place).isEqualTo(expected.status(slot));
                assertThat(text(actual, slot)).as(place).isEqualTo(text(expected, slot));
                met.statuses.add(actual.status(slot));
                met.met(plan.spec().features().get(slot).window(), actual.status(slot));
                Explanation explanation = state.explain(t, slot);
                if (explanation.parts().stream().anyMatch(Explanation.RawChange.class::isInstance)) {
                    met.readsOfRaw++;
                }
                assertThat(explanation.status()).as(place).isEqualTo(actual.status(slot));
            }
        }

        private String text(FeatureValues values, int slot) {
            if (values.row().isNull(slot)) {
                return "null";
            }
            return switch (plan.features().column(slot).type()) {
                case STRING, JSON -> values.row().getString(slot);
                case FLOAT64 -> Double.toString(values.row().getDouble(slot));
                default -> Long.toString(values.row().getLong(slot));
            };
        }

        private void refuseBefore() {
            if (state.foldedThrough() != Long.MIN_VALUE) {
                FeatureValues values = state.read(state.foldedThrough() - 1);
                assertThat(values.statuses()).containsOnly(Status.READ_POINT_PASSED.code());
                assertThat(values.row().nulls()).containsOnly(true);
            }
        }
    }
}
