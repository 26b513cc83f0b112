package dev.tidewheel.workbench.demo;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.FeatureView;
import dev.tidewheel.definitions.Model;
import dev.tidewheel.definitions.ModelPlan;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.workbench.WorkbenchException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The definitions that a demo plays: one model with its service, views and source.
 *
 * @param definitions all of them
 * @param plan the model's
 */
public record Script(Definitions definitions, ModelPlan plan) {

    /**
     * Loads and checks.
     *
     * @throws dev.tidewheel.definitions.DefinitionsException if something is wrong with them
     * @throws WorkbenchException if there is not exactly one model
     */
    public static Script load(Path folder) {
        Definitions definitions = Definitions.load(folder).orThrow();
        if (definitions.models().size() != 1) {
            throw new WorkbenchException("a demo plays one model, but " + folder + " defines "
                    + definitions.models().stream().map(Model::name).toList());
        }
        ModelPlan plan = definitions.modelPlan(definitions.models().get(0).name());
        if (plan.source().isUnion()) {
            throw new WorkbenchException("a demo plays one topic, but the questions of model '"
                    + plan.model().name() + "' come from " + plan.source().topics()
                    + "; name a source of one topic in its questions");
        }
        return new Script(definitions, plan);
    }

    /** The one model. */
    public Model model() {
        return plan.model();
    }

    /** Whose events are the questions. */
    public Source source() {
        return plan.source();
    }

    /** What the model is asked with. */
    public ServicePlan service() {
        return plan.service();
    }

    /** The source's columns, in the terms of its history. */
    public SourceColumns columns() {
        return SourceColumns.of(source());
    }

    /** The service's hash, which covers its views and sources. */
    public String serviceHash() {
        return definitions.toRegistry().stream()
                .filter(entry -> entry.key().equals(Kind.FEATURE_SERVICE.word() + "/" + model().service()))
                .map(RegistryEntry::hash)
                .findFirst()
                .orElseThrow();
    }

    /** The hashes of all views, by name. */
    public Map<String, String> viewHashes() {
        return definitions.toRegistry().stream()
                .filter(entry -> entry.kind().equals(Kind.FEATURE_VIEW.word()))
                .collect(Collectors.toMap(RegistryEntry::name, RegistryEntry::hash));
    }

    /** The feature job's stages: one per distinct entity. */
    public Set<String> stages() {
        return definitions.views().stream()
                .filter(view -> view.source().equals(source().name()))
                .map(FeatureView::spec)
                .map(spec -> String.join("+", spec.entity()))
                .collect(Collectors.toSet());
    }
}
