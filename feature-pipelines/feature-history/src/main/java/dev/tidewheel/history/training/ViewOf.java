package dev.tidewheel.history.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidewheel.feature.aggregate.Promise;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which definition of a view a training set was computed by.
 *
 * @param hash of the definition, which covers its source; null where nobody said
 * @param lineage as the registry had it; null before anything was applied
 * @param promise the weakest of the features that were read
 * @param functions registered functions that its expressions call, with their versions
 * @param withoutImports imports of its source that the set has read and the lineage has not, because it was begun before:
 *     what is served does not know them. Null where nobody knows: the set has read no import, jobs were not asked, or the set
 *     was made before manifests said so
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ViewOf(
        @Nullable String hash,
        @Nullable Long lineage,
        @Nullable Promise promise,
        List<String> functions,
        @Nullable List<Integer> withoutImports) {
    public ViewOf {
        functions = functions == null ? List.of() : List.copyOf(functions);
        withoutImports = withoutImports == null ? null : List.copyOf(withoutImports);
    }

    /** The same, saying which imports its lineage lacks. */
    ViewOf without(List<Integer> imports) {
        return new ViewOf(hash, lineage, promise, functions, imports);
    }

    static ViewOf of(ViewRead read, @Nullable String hash, @Nullable Long lineage) {
        Promise weakest = IntStream.of(read.features())
                .mapToObj(feature -> read.view().promise(feature))
                .max(Comparator.naturalOrder())
                .orElse(Promise.EXACT);
        return new ViewOf(hash, lineage, weakest, read.view().functions(), null);
    }
}
