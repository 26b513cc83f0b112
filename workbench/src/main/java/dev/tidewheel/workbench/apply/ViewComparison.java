package dev.tidewheel.workbench.apply;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.FeatureView;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.SourceInput;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.ViewSpec;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a change of a view or of its source means for the states that are kept of it.
 *
 * <p>States are kept if the new plan gives the right values from them: if it would have written the same bytes for the
 * same changes (same fingerprint, same changes accepted under the same keys), and every new feature looks at what an old
 * one looked at too, no further back. How many of the newest changes stay single does not matter: either reads what the
 * other wrote.
 *
 * @param keepsState whether the lineage goes on
 * @param differences for people; not empty if the view has a new lineage
 */
public record ViewComparison(boolean keepsState, List<String> differences) {
    public ViewComparison {
        differences = List.copyOf(differences);
    }

    /** What is compared apart, comes from the source, or does not change what a state means. */
    private static final Set<String> NOT_OF_THE_STATE = Set.of(
            "name", "columns", "features", "horizonMillis", "futureLimitMillis", "headSpanMillis", "headEntries");

    /** What is compared apart, or decides no value: watermarks only free state. */
    private static final Set<String> NOT_OF_THE_CHANGES = Set.of("name", "inputs", "columns", "idle", "watermarkDelay");

    /** The same of each topic's input. */
    private static final Set<String> NOT_OF_THE_RECORDS = Set.of("source", "schema", "columns");

    /** What a feature looks at. */
    private record Look(Object of, Object by, Object bucket, Object where, Object window) {
        static Look of(FeatureSpec feature) {
            return new Look(feature.of(), feature.by(), feature.bucket(), feature.where(), feature.window());
        }
    }

    /**
     * Compares two declarations of a view.
     *
     * @param before with its source
     * @param after with its source
     */
    public static ViewComparison of(Definitions before, Definitions after, String view) {
        FeatureView old = before.view(view);
        FeatureView now = after.view(view);
        List<String> breaking = new ArrayList<>(source(before.source(old.source()), after.source(now.source())));
        Differences rest = new Differences("");
        rest.components(old, now, Set.of("spec", "tests"));
        breaking.addAll(rest.texts());
        RowSchema columns = before.source(old.source()).columns();
        RowSchema columnsNow = after.source(now.source()).columns();
        breaking.addAll(columnsGone(columns, columnsNow));
        List<String> harmless = new ArrayList<>(columnsNew(columns, columnsNow));
        spec(old.spec(), now.spec(), breaking, harmless);
        boolean readable =
                before.viewPlan(view).fingerprint() == after.viewPlan(view).fingerprint();
        boolean keeps = breaking.isEmpty() && readable && noFurtherBack(old.spec(), now.spec());
        List<String> differences = new ArrayList<>(breaking);
        differences.addAll(harmless);
        if (!keeps && differences.isEmpty()) {
            differences.add("its states are written in another form: its parts stand in another order");
        }
        return new ViewComparison(keeps, differences);
    }

    /** What is different about how the source's records become changes; empty if every record becomes the same one. */
    static List<String> source(Source before, Source after) {
        Differences found = new Differences("source ");
        found.components(before, after, NOT_OF_THE_CHANGES);
        List<String> texts = new ArrayList<>(found.texts());
        texts.addAll(inputs(before, after));
        return texts;
    }

    /** What is different about how records of the source's topics become rows. */
    static List<String> inputs(Source before, Source after) {
        if (!before.isUnion() && !after.isUnion()) {
            return input("source ", before.only(), after.only());
        }
        List<String> members = members(before);
        if (!members.equals(members(after))) {
            return List.of("source members: " + members + ", now " + members(after));
        }
        List<String> texts = new ArrayList<>();
        for (int place = 0; place < members.size(); place++) {
            SourceInput old = before.inputs().get(place);
            SourceInput now = after.inputs().get(place);
            texts.addAll(input("source member " + members.get(place) + " ", old, now));
            texts.addAll(columnsGone(old.columns(), now.columns()));
        }
        return texts;
    }

    private static List<String> input(String prefix, SourceInput before, SourceInput after) {
        Differences found = new Differences(prefix);
        found.components(before, after, NOT_OF_THE_RECORDS);
        return found.texts();
    }

    private static List<String> members(Source source) {
        return source.inputs().stream().map(SourceInput::source).toList();
    }

    /** Columns that a source had and does not have any more, or not of that type. */
    static List<String> columnsGone(RowSchema before, RowSchema after) {
        List<String> gone = new ArrayList<>();
        before.columns().stream()
                .filter(column -> after.slot(column.name()) < 0)
                .forEach(column -> gone.add("source column " + column.name() + " is gone"));
        gone.addAll(columnsRetyped(before, after));
        return gone;
    }

    /** Columns that a source has as it had, but of another type. */
    static List<String> columnsRetyped(RowSchema before, RowSchema after) {
        return before.columns().stream()
                .filter(column -> after.slot(column.name()) >= 0)
                .filter(column ->
                        !after.column(after.slot(column.name())).type().equals(column.type()))
                .map(column -> "source column " + column.name() + ": " + column.type() + ", now "
                        + after.column(after.slot(column.name())).type())
                .toList();
    }

    private static List<String> columnsNew(RowSchema before, RowSchema after) {
        return after.columns().stream()
                .filter(column -> before.slot(column.name()) < 0)
                .map(column -> "source column " + column.name() + " is new: null in records that came before")
                .toList();
    }

    private static void spec(ViewSpec before, ViewSpec after, List<String> breaking, List<String> harmless) {
        Differences found = new Differences("");
        found.components(before, after, NOT_OF_THE_STATE);
        breaking.addAll(found.texts());
        // Whether these change what is stored, the fingerprint says.
        Differences perhaps = new Differences("");
        perhaps.compare("headSpanMillis", before.headSpanMillis(), after.headSpanMillis());
        perhaps.compare("headEntries", before.headEntries(), after.headEntries());
        harmless.addAll(perhaps.texts());
        harmless.addAll(columns(before, after));
        harmless.addAll(features(before, after));
    }

    private static List<String> columns(ViewSpec before, ViewSpec after) {
        return members(
                "column",
                before.columns().stream()
                        .collect(Collectors.toMap(
                                ViewSpec.DerivedColumn::name,
                                ViewSpec.DerivedColumn::expression,
                                (one, other) -> one,
                                LinkedHashMap::new)),
                after.columns().stream()
                        .collect(Collectors.toMap(
                                ViewSpec.DerivedColumn::name,
                                ViewSpec.DerivedColumn::expression,
                                (one, other) -> one,
                                LinkedHashMap::new)));
    }

    private static List<String> features(ViewSpec before, ViewSpec after) {
        return members("feature", byName(before), byName(after));
    }

    private static Map<String, Object> byName(ViewSpec view) {
        Map<String, Object> features = new LinkedHashMap<>();
        view.features().forEach(feature -> features.put(feature.name(), feature));
        return features;
    }

    private static List<String> members(String what, Map<String, ?> before, Map<String, ?> after) {
        List<String> texts = new ArrayList<>();
        after.forEach((name, now) -> {
            Object old = before.get(name);
            if (old == null) {
                texts.add(what + " " + name + " is new");
            } else if (!old.equals(now)) {
                texts.add(what + " " + name + ": " + details(old, now));
            }
        });
        before.keySet().stream()
                .filter(name -> !after.containsKey(name))
                .forEach(name -> texts.add(what + " " + name + " is gone"));
        return texts;
    }

    private static String details(Object before, Object after) {
        if (before instanceof FeatureSpec old && after instanceof FeatureSpec now) {
            Differences found = new Differences("");
            found.components(old, now, Set.of("name"));
            return String.join(", ", found.texts());
        }
        return before + ", now " + after;
    }

    /** Tiles are kept as long as the longest window over them: a longer one would find them gone. */
    private static boolean noFurtherBack(ViewSpec before, ViewSpec after) {
        Set<Look> looks = before.features().stream().map(Look::of).collect(Collectors.toSet());
        return after.features().stream().map(Look::of).allMatch(looks::contains);
    }

    /** Collects what differs, each with both values. */
    private static final class Differences {
        private final String prefix;
        private final List<String> texts = new ArrayList<>();

        Differences(String prefix) {
            this.prefix = prefix;
        }

        void compare(String what, Object before, Object after) {
            if (!Objects.equals(before, after)) {
                texts.add(prefix + what + ": " + before + ", now " + after);
            }
        }

        /** Compares two records of one type, component by component: one that is added later is not forgotten here. */
        <R extends Record> void components(R before, R after, Set<String> except) {
            for (RecordComponent component : before.getClass().getRecordComponents()) {
                if (!except.contains(component.getName())) {
                    compare(component.getName(), value(component, before), value(component, after));
                }
            }
        }

        private static Object value(RecordComponent component, Record of) {
            try {
                Object value = component.getAccessor().invoke(of);
                return value instanceof Optional<?> optional ? optional.isPresent() ? optional.get() : "none" : value;
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a record hides its component " + component.getName(), e);
            }
        }

        List<String> texts() {
            return List.copyOf(texts);
        }
    }
}
