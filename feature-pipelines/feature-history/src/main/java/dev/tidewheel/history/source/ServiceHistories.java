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
     * For every view of a service the history of its source, or how it is scanned; each source is read once.
     *
     * @param reader reads a source, for example from its raw table
     * @throws IllegalArgumentException if there is no such service
     */
    public static <H> Map<String, H> read(Definitions definitions, String service, Function<Source, H> reader) {
        Map<String, H> bySource = new HashMap<>();
        Map<String, H> byView = new TreeMap<>();
        for (ViewUse use : definitions.service(service).views()) {
            Source source = definitions.source(definitions.view(use.view()).source());
            byView.put(use.view(), bySource.computeIfAbsent(source.name(), unread -> reader.apply(source)));
        }
        return byView;
    }
}
