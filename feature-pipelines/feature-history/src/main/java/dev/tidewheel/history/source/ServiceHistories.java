package dev.tidewheel.history.source;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.FeatureService.ViewUse;
import dev.tidewheel.definitions.Source;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The histories that a service's values come from. */
public final class ServiceHistories {
    private ServiceHistories() {}

    /**
     * For every view of a service the history of its source; each source is read once.
     *
     * @param reader reads a source, for example from its raw table
     * @throws IllegalArgumentException if there is no such service
     */
    public static Map<String, ChangeHistory> read(
            Definitions definitions, String service, Function<Source, ChangeHistory> reader) {
        Map<String, ChangeHistory> bySource = new HashMap<>();
        Map<String, ChangeHistory> byView = new TreeMap<>();
        for (ViewUse use : definitions.service(service).views()) {
            Source source = definitions.source(definitions.view(use.view()).source());
            byView.put(use.view(), bySource.computeIfAbsent(source.name(), unread -> reader.apply(source)));
        }
        return byView;
    }
}
