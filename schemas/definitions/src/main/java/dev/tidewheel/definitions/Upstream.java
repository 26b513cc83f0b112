package dev.tidewheel.definitions;

import dev.tidewheel.feature.view.ViewPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a changelog tells of: the view that a chained view reads, with its source. Complete in itself, also where it comes
 * from the registry.
 *
 * @param source the view's source
 * @param view the view that is read
 * @param plan the same, compiled
 * @param sourceBody canonical JSON of the source
 * @param viewBody canonical JSON of the view
 * @param upstream what the source tells of, if it is a changelog itself
 */
public record Upstream(
        Source source,
        FeatureView view,
        ViewPlan plan,
        String sourceBody,
        String viewBody,
        Optional<Upstream> upstream) {
    /** What the names of changelogs' topics begin with. */
    public static final String TOPICS = "tidewheel.changelog.";

    public Upstream {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(view, "view");
        Objects.requireNonNull(plan, "plan");
        Objects.requireNonNull(sourceBody, "sourceBody");
        Objects.requireNonNull(viewBody, "viewBody");
        Objects.requireNonNull(upstream, "upstream");
    }

    /**
     * Whether a source is the changelog of a view. Each definition of the view has a topic of its own, and all of them one
     * raw table.
     */
    public static boolean isChangelog(Source source) {
        return !source.isUnion() && source.only().topic().startsWith(TOPICS);
    }

    /** This and all that it is computed from, the farthest first: that one reads a source of records. */
    public List<Upstream> path() {
        List<Upstream> path = upstream.map(Upstream::path).map(ArrayList::new).orElseGet(ArrayList::new);
        path.add(this);
        return List.copyOf(path);
    }
}
