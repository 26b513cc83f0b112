package dev.tidewheel.workbench.apply;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.DefinitionsException;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.SourceInput;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.workbench.apply.PlannedChange.Action;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes one {@link ApplyPlan}. Views first, because what becomes of a source depends on all of its views. */
final class Planner {
    private static final Set<String> WORDS =
            Arrays.stream(Kind.values()).map(Kind::word).collect(Collectors.toUnmodifiableSet());

    private final List<RegistryEntry> entries;
    private final Map<String, Definition> inForce;
    private final JobProgress progress;
    private final Map<String, RegistryEntry> byKey = new HashMap<>();
    private final Map<String, PlannedChange> planned = new LinkedHashMap<>();

    Planner(List<RegistryEntry> entries, Map<String, Definition> inForce, JobProgress progress) {
        this.entries = entries;
        this.inForce = inForce;
        this.progress = progress;
        entries.forEach(entry -> byKey.put(entry.key(), entry));
    }

    ApplyPlan plan() {
        of(Kind.FEATURE_VIEW).forEach(view -> planned.put(view.key(), view(view)));
        of(Kind.SOURCE).forEach(this::source);
        for (RegistryEntry entry : entries) {
            if (!planned.containsKey(entry.key())) {
                planned.put(entry.key(), dependent(entry));
            }
        }
        List<PlannedChange> changes =
                entries.stream().map(entry -> planned.get(entry.key())).toList();
        return new ApplyPlan(changes, absent());
    }

    private List<RegistryEntry> of(Kind kind) {
        return entries.stream()
                .filter(entry -> entry.kind().equals(kind.word()))
                .toList();
    }

    private List<String> absent() {
        return inForce.values().stream()
                .filter(definition -> WORDS.contains(definition.getKind()))
                .map(definition -> Registry.key(definition.getKind(), definition.getName()))
                .filter(key -> !byKey.containsKey(key))
                .sorted()
                .toList();
    }

    private PlannedChange view(RegistryEntry view) {
        @Nullable Definition current = inForce.get(view.key());
        if (current != null && current.getHash().equals(view.hash())) {
            return new PlannedChange(view, Action.KEEP, current.getLineage());
        }
        String source = References.source(view.body());
        if (!progress.hasRun(source) && (current == null || !progress.hasRun(References.source(current.getBody())))) {
            return atOnce(view, source, current);
        }
        List<String> differences = List.of("the view is new");
        for (ViewLineage known : newestFirst(view.name())) {
            ViewComparison comparison = compare(view, source, known);
            if (comparison.keepsState()) {
                return goesOn(view, source, current, known, comparison);
            }
            if (current != null && known.lineage() == current.getLineage()) {
                differences = comparison.differences();
            }
        }
        return begin(view, source, differences);
    }

    private List<ViewLineage> newestFirst(String view) {
        List<ViewLineage> lineages = new ArrayList<>(ViewLineages.ofView(inForce, view));
        Collections.reverse(lineages);
        return lineages;
    }

    /** Nothing was ever computed of the source: what is in force now has no states that could be lost. */
    private PlannedChange atOnce(RegistryEntry view, String source, @Nullable Definition current) {
        List<ViewLineage> former = ViewLineages.computed(inForce).stream()
                .filter(lineage -> lineage.view().equals(view.name()))
                .toList();
        ViewLineage lineage = lineage(view, source, ApplyPlan.newest(view.name(), inForce) + 1, ViewLineages.MAIN);
        return new PlannedChange(
                view,
                current == null ? Action.ADD : Action.CHANGE,
                lineage.lineage(),
                List.of(lineage),
                former,
                List.of());
    }

    /** A lineage that is computed already has, or will have, the values of the new declaration. */
    private PlannedChange goesOn(
            RegistryEntry view,
            String source,
            @Nullable Definition current,
            ViewLineage known,
            ViewComparison comparison) {
        List<ViewLineage> renewed = List.of(lineage(view, source, known.lineage(), known.cohort()));
        List<String> reasons = new ArrayList<>(comparison.differences());
        if (current != null && known.lineage() == current.getLineage()) {
            reasons.add(0, "keeps its lineage and its state");
            return new PlannedChange(view, Action.CHANGE, known.lineage(), renewed, List.of(), reasons);
        }
        Optional<String> behind = progress.behind(source, view.name(), known.lineage());
        reasons.add(0, behind.orElse("has caught up"));
        Action action = behind.isPresent() ? Action.WAIT : Action.SWITCH;
        return new PlannedChange(view, action, known.lineage(), renewed, List.of(), reasons);
    }

    /** All that begin in one plan share a cohort: one reader for them. What is in force is recorded, to go on beside. */
    private PlannedChange begin(RegistryEntry view, String source, List<String> differences) {
        long cohort = ViewLineages.newestCohort(inForce, source) + 1;
        ViewLineage begins = lineage(view, source, ApplyPlan.newest(view.name(), inForce) + 1, cohort);
        List<ViewLineage> computes = new ArrayList<>();
        @Nullable Definition current = inForce.get(view.key());
        if (current != null) {
            computes.addAll(recorded(view.name(), current.getLineage()));
        }
        computes.add(begins);
        List<String> reasons = new ArrayList<>(differences);
        reasons.add(cost(source, current, cohort));
        return new PlannedChange(view, Action.BEGIN, begins.lineage(), computes, List.of(), reasons);
    }

    private String cost(String source, @Nullable Definition current, long cohort) {
        String declared = declaration(source);
        // A changelog is told anew where its topic is new, or is there already: what it is told from says how much that
        // is.
        JobProgress.Extent extent = References.topics(References.origin(declared)).stream()
                .map(progress::extent)
                .reduce(JobProgress.Extent.NOTHING, JobProgress.Extent::plus);
        return "computed " + (current == null ? "apart" : "beside lineage " + current.getLineage()) + " in cohort "
                + cohort + ", which reads all " + extent.records() + " records of source " + source
                + (extent.lost() == 0
                        ? ""
                        : "; the topic has lost the " + extent.lost()
                                + " records before them, which come from the raw table if a job has read them");
    }

    private List<ViewLineage> recorded(String view, long lineage) {
        return ViewLineages.ofView(inForce, view).stream()
                .filter(known -> known.lineage() == lineage)
                .toList();
    }

    private ViewComparison compare(RegistryEntry view, String source, ViewLineage known) {
        if (known.hash().equals(view.hash())) {
            return new ViewComparison(true, List.of());
        }
        try {
            return ViewComparison.of(
                    Definitions.fromRegistry(List.of(known.sourceBody(), known.viewBody()))
                            .orThrow(),
                    Definitions.fromRegistry(List.of(declaration(source), view.body()))
                            .orThrow(),
                    view.name());
        } catch (DefinitionsException e) {
            return new ViewComparison(
                    false, List.of(known.id() + " cannot be read by this version: " + e.getMessage()));
        }
    }

    private ViewLineage lineage(RegistryEntry view, String source, long lineage, long cohort) {
        return new ViewLineage(view.name(), lineage, source, cohort, view.hash(), view.body(), declaration(source));
    }

    /** As it is to be: the folder's, else the registry's. */
    private String declaration(String source) {
        String key = Registry.key(Kind.SOURCE.word(), source);
        RegistryEntry given = byKey.get(key);
        if (given != null) {
            return given.body();
        }
        Definition known = inForce.get(key);
        return known == null ? "{}" : known.getBody();
    }

    private void source(RegistryEntry source) {
        @Nullable Definition current = inForce.get(source.key());
        if (current == null || current.getHash().equals(source.hash()) || !progress.hasRun(source.name())) {
            planned.put(source.key(), plain(source));
            return;
        }
        Source before = read(current.getBody());
        Source after = read(source.body());
        if (References.isChangelog(source.body())
                && !References.topics(current.getBody()).equals(References.topics(source.body()))) {
            retold(source, before, after);
            return;
        }
        List<String> differences = ViewComparison.source(before, after);
        List<String> gone = ViewComparison.columnsGone(before.columns(), after.columns());
        List<String> members = before.isUnion() || after.isUnion() ? members(current, before, after) : List.of();
        if (!members.isEmpty()) {
            holdAll(
                    source,
                    String.join("; ", members)
                            + ": give the changed union another name, the raw table has rows as they were made");
        } else if (!gone.isEmpty()) {
            holdAll(source, String.join("; ", gone) + ": give the changed source another name, the raw table has both");
        } else if (!rewritten(before, after).isEmpty()) {
            holdAll(
                    source,
                    "another format of topic " + String.join(", ", rewritten(before, after))
                            + ": what it holds was not written so; give the changed source another name and topic");
        } else if (!before.columns().equals(after.columns()) && bringsRowsBefore(after)) {
            holdAll(
                    source,
                    "its columns are others, and a record that brings the row before would take away with them what was"
                            + " added without: declare a changelog first, or give the changed source another name");
        } else if (differences.isEmpty()) {
            planned.put(source.key(), renewed(source, current));
        } else if (!before.columns().equals(after.columns())) {
            holdAll(
                    source,
                    "add its columns first, and then change how its records are read: "
                            + String.join("; ", differences));
        } else {
            redeclared(source, current, differences);
        }
    }

    private static boolean bringsRowsBefore(Source source) {
        return source.isOfChanges() && source.only().changelog().isEmpty();
    }

    /** The topics of both whose records would be read in another format. */
    private static List<String> rewritten(Source before, Source after) {
        return before.inputs().stream()
                .filter(old -> after.inputs().stream()
                        .anyMatch(now -> now.topic().equals(old.topic()) && now.format() != old.format()))
                .map(SourceInput::topic)
                .toList();
    }

    /** Why the same records make other rows: members are told otherwise, or a function that they select by is another. */
    private static List<String> members(Definition current, Source before, Source after) {
        List<String> differences = ViewComparison.inputs(before, after);
        boolean rehashed = Definitions.fromRegistry(List.of(current.getBody())).toRegistry().stream()
                .noneMatch(entry -> entry.hash().equals(current.getHash()));
        return differences.isEmpty() && rehashed
                ? List.of("a function that it selects by has another version")
                : differences;
    }

    private static Source read(String body) {
        return Definitions.fromRegistry(List.of(body)).orThrow().sources().get(0);
    }

    /** Every record becomes the same change as before: all lineages that read it so go on, with the new declaration. */
    private PlannedChange renewed(RegistryEntry source, Definition current) {
        List<ViewLineage> renewed = ViewLineages.ofSource(inForce, source.name()).stream()
                .filter(lineage -> lineage.sourceBody().equals(current.getBody()))
                .map(lineage -> new ViewLineage(
                        lineage.view(),
                        lineage.lineage(),
                        lineage.source(),
                        lineage.cohort(),
                        lineage.hash(),
                        lineage.viewBody(),
                        source.body()))
                .toList();
        return new PlannedChange(
                source,
                Action.CHANGE,
                0,
                renewed,
                List.of(),
                List.of("every record becomes the same change as before"));
    }

    /** Another definition of its upstream tells a changelog anew, to a topic of its own; the job reads both, and so does the raw table. */
    private void retold(RegistryEntry source, Source before, Source after) {
        List<String> retyped = ViewComparison.columnsRetyped(before.columns(), after.columns());
        if (retyped.isEmpty()) {
            comesWithItsViews(source, List.of("the upstream is defined otherwise, its changelog is told anew"));
        } else {
            holdAll(
                    source,
                    String.join("; ", retyped) + ": give the upstream's feature another name, the raw table has both");
        }
    }

    /** Readers take a source and its views together: all of them, once the last has caught up. */
    private void redeclared(RegistryEntry source, Definition current, List<String> differences) {
        if (References.topics(current.getBody()).equals(References.topics(source.body()))) {
            comesWithItsViews(source, differences);
        } else {
            holdAll(source, "another topic is another source: give it another name");
        }
    }

    private void comesWithItsViews(RegistryEntry source, List<String> differences) {
        List<PlannedChange> views = viewsOf(source);
        List<String> missing = ViewLineages.ofSource(inForce, source.name()).stream()
                .map(lineage -> Registry.key(Kind.FEATURE_VIEW.word(), lineage.view()))
                .filter(key -> inForce.containsKey(key) && !byKey.containsKey(key))
                .distinct()
                .toList();
        if (!missing.isEmpty()) {
            holdAll(source, "its views " + missing + " are in force and not given: they change with it");
        } else if (views.stream().allMatch(view -> view.action() == Action.SWITCH)) {
            planned.put(source.key(), new PlannedChange(source, Action.CHANGE, 0, differences.toArray(String[]::new)));
        } else {
            hold(source, "comes into force with the last of its views: " + String.join("; ", differences));
            views.stream()
                    .filter(view -> view.action() == Action.SWITCH)
                    .forEach(view -> planned.put(view.entry().key(), waitsForOthers(view, source)));
        }
    }

    private static PlannedChange waitsForOthers(PlannedChange view, RegistryEntry source) {
        return new PlannedChange(
                view.entry(),
                Action.WAIT,
                view.lineage(),
                "has caught up, and waits for the other views of source " + source.name());
    }

    private List<PlannedChange> viewsOf(RegistryEntry source) {
        return planned.values().stream()
                .filter(change -> change.entry().kind().equals(Kind.FEATURE_VIEW.word()))
                .filter(change -> References.source(change.entry().body()).equals(source.name()))
                .toList();
    }

    private void holdAll(RegistryEntry source, String reason) {
        hold(source, reason);
        viewsOf(source).forEach(view -> hold(view.entry(), "waits for " + source.key()));
    }

    private void hold(RegistryEntry entry, String reason) {
        planned.put(entry.key(), new PlannedChange(entry, Action.HOLD, 0, reason));
    }

    /** What refers to something that is not in force yet would be broken without it. */
    private PlannedChange dependent(RegistryEntry entry) {
        PlannedChange change = plain(entry);
        List<String> waiting = References.of(entry).stream()
                .filter(key -> planned.containsKey(key) && planned.get(key).waits())
                .toList();
        return change.action() == Action.KEEP || waiting.isEmpty()
                ? change
                : new PlannedChange(entry, Action.HOLD, 0, "waits for " + String.join(", ", waiting));
    }

    private PlannedChange plain(RegistryEntry entry) {
        @Nullable Definition current = inForce.get(entry.key());
        if (current == null) {
            return new PlannedChange(entry, Action.ADD, 0);
        }
        return new PlannedChange(entry, current.getHash().equals(entry.hash()) ? Action.KEEP : Action.CHANGE, 0);
    }
}
