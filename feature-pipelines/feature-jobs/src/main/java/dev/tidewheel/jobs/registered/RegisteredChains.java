package dev.tidewheel.jobs.registered;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.Upstream;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.chain.ChainSpec;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.util.function.SerializableSupplier;

/** Reads from a snapshot of the registry which changelogs a job has to tell. */
final class RegisteredChains {
    private final String source;
    private final Map<String, ChainSpec> byTopic = new TreeMap<>();

    private RegisteredChains(String source) {
        this.source = source;
    }

    /**
     * All changelogs under the name of a source that a registered lineage is computed from, directly or over other views: the
     * job of the name tells them for all. None if the source is no changelog.
     *
     * <p>Bodies that do not name the changelog are not read: another program version may have written them, and a job
     * must not depend on what is none of its business.
     */
    static List<ChainSpec> toldBy(String source, Map<String, Definition> snapshot) {
        RegisteredChains chains = new RegisteredChains(source);
        Definition declared = snapshot.get(Registry.key("Source", source));
        if (declared == null || !chains.add(declared.getBody())) {
            return List.of();
        }
        ViewLineages.known(snapshot).stream()
                .map(ViewLineage::sourceBody)
                .distinct()
                .filter(body -> body.contains(source))
                .forEach(chains::add);
        return List.copyOf(chains.byTopic.values());
    }

    private boolean add(String sourceBody) {
        Definitions definitions = Definitions.fromRegistry(List.of(sourceBody)).orThrow();
        Source read = definitions.sources().get(0);
        Optional<Upstream> upstream = definitions.upstream(read.name());
        upstream.ifPresent(of -> add(read, of));
        return upstream.isPresent();
    }

    private void add(Source changelog, Upstream of) {
        if (changelog.name().equals(source)) {
            // What the registry declares now came first: an older declaration may differ in what decides no value.
            byTopic.putIfAbsent(changelog.only().topic(), chain(changelog, of));
        }
        of.upstream().ifPresent(before -> add(of.source(), before));
    }

    private static ChainSpec chain(Source changelog, Upstream of) {
        return new ChainSpec(
                changelog.only().topic(),
                SourceLayout.of(of.source()),
                of.source().horizon().toMillis(),
                new RegisteredColumns(of.source().name(), of.sourceBody()),
                of.view().name(),
                new RegisteredPlan(of.view().name(), of.sourceBody(), of.viewBody()));
    }

    /**
     * A registered view, compiled where it is needed.
     *
     * @param view its name
     * @param sourceBody canonical JSON of its source
     * @param viewBody its own
     */
    record RegisteredPlan(String view, String sourceBody, String viewBody) implements SerializableSupplier<ViewPlan> {
        RegisteredPlan {
            Objects.requireNonNull(view, "view");
            Objects.requireNonNull(sourceBody, "sourceBody");
            Objects.requireNonNull(viewBody, "viewBody");
        }

        @Override
        public ViewPlan get() {
            return Definitions.fromRegistry(List.of(sourceBody, viewBody))
                    .orThrow()
                    .viewPlan(view);
        }
    }
}
