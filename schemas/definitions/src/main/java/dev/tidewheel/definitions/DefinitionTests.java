package dev.tidewheel.definitions;

import dev.tidewheel.definitions.ViewTest.Expectation;
import dev.tidewheel.definitions.ViewTest.ExpectedStatus;
import dev.tidewheel.definitions.ViewTest.ExpectedValue;
import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.feature.chain.Changelog;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.oracle.NaiveChangelog;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Runs the tests that views carry: through the state that the stream keeps and through the naive oracle, which must
 * agree. Doubles may differ from what is expected by 1e-9, relatively to the greater of them and 1.
 */
public final class DefinitionTests {
    private static final double TOLERANCE = 1e-9;

    /** An addition and the retraction of equal id are two changes. */
    private record Identity(boolean retraction, EventId id) {}

    private DefinitionTests() {}

    /**
     * What became of one test.
     *
     * @param view the view's name
     * @param test the test's name
     * @param place where the test is written
     * @param failures empty if it passed
     */
    public record Result(String view, String test, Place place, List<Failure> failures) {
        public Result {
            Objects.requireNonNull(view, "view");
            Objects.requireNonNull(test, "test");
            Objects.requireNonNull(place, "place");
            failures = List.copyOf(failures);
        }

        /** Whether all expectations held. */
        public boolean passed() {
            return failures.isEmpty();
        }
    }

    /**
     * An expectation that did not hold.
     *
     * @param place where the expected value is written
     * @param message what was expected, and what was found
     */
    public record Failure(Place place, String message) {
        public Failure {
            Objects.requireNonNull(place, "place");
            Objects.requireNonNull(message, "message");
        }

        @Override
        public String toString() {
            return place + " " + message;
        }
    }

    /** Runs the tests of all views, in the order of the views' names. */
    public static List<Result> run(Definitions definitions) {
        List<Result> results = new ArrayList<>();
        for (FeatureView view : definitions.views()) {
            for (ViewTest test : view.tests()) {
                results.add(run(definitions.viewPlan(view.name()), upstreams(definitions, view), test));
            }
        }
        return results;
    }

    /** The views between the events and the view, the first first; none unless it is chained. */
    private static List<ViewPlan> upstreams(Definitions definitions, FeatureView view) {
        return definitions.upstream(view.source()).map(Upstream::path).orElse(List.of()).stream()
                .map(Upstream::plan)
                .toList();
    }

    private static Result run(ViewPlan plan, List<ViewPlan> upstreams, ViewTest test) {
        List<Failure> failures = new ArrayList<>();
        List<Change> told = test.events();
        List<Change> naivelyTold = test.events();
        for (ViewPlan upstream : upstreams) {
            told = streamed(upstream, told);
            naivelyTold = NaiveChangelog.records(upstream, known(naivelyTold));
        }
        for (Expectation expectation : test.expectations()) {
            String key = EntityKeys.join(expectation.key());
            List<Change> changes = changesOf(plan, told, key, expectation.at());
            FeatureValues streamed = streamed(plan, changes, expectation.at());
            FeatureValues naive = new NaiveOracle(plan, changesOf(plan, naivelyTold, key, expectation.at()))
                    .valuesAt(expectation.at());
            for (ExpectedValue expected : expectation.values()) {
                failure(plan, expected, streamed, naive).ifPresent(failures::add);
            }
            for (ExpectedStatus expected : expectation.statuses()) {
                failure(plan, expected, streamed).ifPresent(failures::add);
            }
        }
        return new Result(plan.spec().name(), test.name(), test.place(), failures);
    }

    /** Only what is visible: a test reads the past as it was then. */
    private static List<Change> changesOf(ViewPlan plan, List<Change> events, String key, long at) {
        return events.stream()
                .filter(change -> plan.entityKey(change.row()).equals(Optional.of(key)))
                .filter(change -> change.knownTime() <= at)
                .sorted(Comparator.comparingLong(Change::knownTime))
                .toList();
    }

    private static List<Change> known(List<Change> changes) {
        return changes.stream()
                .sorted(Comparator.comparingLong(Change::knownTime))
                .toList();
    }

    /** The changelog of a view, through the state that the stream keeps. */
    private static List<Change> streamed(ViewPlan upstream, List<Change> changes) {
        Map<String, Changelog> changelogs = new TreeMap<>();
        Map<String, Set<Identity>> seen = new HashMap<>();
        for (Change change : known(changes)) {
            Optional<String> key = upstream.entityKey(change.row());
            if (key.isPresent()) {
                Identity identity = new Identity(change.retraction(), change.id());
                Set<Identity> ids = seen.computeIfAbsent(key.get(), unseen -> new HashSet<>());
                Changelog changelog = changelogs.computeIfAbsent(key.get(), unseen -> new Changelog(upstream));
                if (changelog.offer(change, ids.contains(identity)) == Changelog.Offer.TAKEN) {
                    ids.add(identity);
                }
            }
        }
        return changelogs.values().stream()
                .flatMap(changelog -> changelog.advance(Long.MAX_VALUE).stream())
                .toList();
    }

    private static FeatureValues streamed(ViewPlan plan, List<Change> changes, long at) {
        KeyState state = new KeyState(plan);
        Set<Identity> seen = new HashSet<>();
        for (Change change : changes) {
            Identity identity = new Identity(change.retraction(), change.id());
            Disposition disposition = state.route(change, seen.contains(identity));
            if (disposition == Disposition.APPLIED || disposition == Disposition.FILTERED) {
                seen.add(identity);
            }
            if (state.shouldFold()) {
                state.fold();
            }
        }
        return state.read(at);
    }

    private static Optional<Failure> failure(
            ViewPlan plan, ExpectedValue expected, FeatureValues streamed, FeatureValues naive) {
        Column column = plan.features().column(expected.feature());
        String found = show(streamed, expected.feature(), column);
        String check = show(naive, expected.feature(), column);
        if (!found.equals(check)) {
            return Optional.of(new Failure(
                    expected.place(),
                    column.name() + " is " + found + " by the stream's state but " + check
                            + " by the naive oracle; this is a bug of Tidewheel, please report it"));
        }
        return equal(expected.value(), streamed.row(), expected.feature(), column)
                ? Optional.empty()
                : Optional.of(new Failure(
                        expected.place(), column.name() + " is " + found + ", expected " + expected.text()));
    }

    private static Optional<Failure> failure(ViewPlan plan, ExpectedStatus expected, FeatureValues found) {
        Status status = found.status(expected.feature());
        String name = plan.features().column(expected.feature()).name();
        return status == expected.status()
                ? Optional.empty()
                : Optional.of(new Failure(
                        expected.place(),
                        "the status of " + name + " is " + status + ", expected " + expected.status()));
    }

    private static boolean equal(Row expected, Row found, int slot, Column column) {
        if (expected.isNull(0) || found.isNull(slot)) {
            return expected.isNull(0) && found.isNull(slot);
        }
        return switch (column.type()) {
            case STRING, JSON -> Objects.equals(expected.getString(0), found.getString(slot));
            case FLOAT64 -> near(expected.getDouble(0), found.getDouble(slot));
            case INT64, BOOL, TIMESTAMP -> expected.getLong(0) == found.getLong(slot);
        };
    }

    private static boolean near(double x, double y) {
        return Double.compare(x, y) == 0
                || Math.abs(x - y) <= TOLERANCE * Math.max(1, Math.max(Math.abs(x), Math.abs(y)));
    }

    private static String show(FeatureValues values, int slot, Column column) {
        Row row = values.row();
        if (row.isNull(slot)) {
            return "null (" + values.status(slot) + ")";
        }
        return switch (column.type()) {
            case STRING, JSON -> "'" + row.getString(slot) + "'";
            case FLOAT64 -> Double.toString(row.getDouble(slot));
            case BOOL -> Boolean.toString(row.getBoolean(slot));
            case TIMESTAMP -> java.time.Instant.ofEpochMilli(row.getLong(slot)).toString();
            case INT64 -> Long.toString(row.getLong(slot));
        };
    }
}
