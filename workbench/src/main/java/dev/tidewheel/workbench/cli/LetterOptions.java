package dev.tidewheel.workbench.cli;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.SourceInput;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.Definition;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.dead.LetterFilter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which dead letters are meant. */
final class LetterOptions {
    @Option(names = "--source", paramLabel = "NAME", description = "Of the source's topics.")
    private Optional<String> source = Optional.empty();

    @Option(names = "--topic", paramLabel = "NAME", description = "Of a topic.")
    private Optional<String> topic = Optional.empty();

    @Option(names = "--view", paramLabel = "NAME", description = "Refused by the view.")
    private Optional<String> view = Optional.empty();

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            split = ",",
            description = "${COMPLETION-CANDIDATES}; several are any of them.")
    private Set<DeadLetterReason> reasons = Set.of();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Refused since then: 2026-02-01T08:00:00Z, or so long ago, such as 2h.")
    private Optional<String> since = Optional.empty();

    /**
     * As a filter.
     *
     * @param registry to find the source's topic
     * @param position of one record, if there is only one
     * @param handled whether letters with a mark are meant too
     * @param now epoch milliseconds
     */
    LetterFilter filter(Map<String, Definition> registry, Optional<String> position, boolean handled, long now) {
        Set<String> topics = source.map(name -> topics(registry, name))
                .orElseGet(() -> topic.map(Set::of).orElse(Set.of()));
        return new LetterFilter(topics, view, reasons, since.map(text -> time(text, now)), position, handled);
    }

    private static Instant time(String text, long now) {
        try {
            return text.toUpperCase(Locale.ROOT).endsWith("Z")
                    ? Instant.parse(text)
                    : Instant.ofEpochMilli(now).minus(new DurationConverter().convert(text));
        } catch (DateTimeParseException e) {
            throw new WorkbenchException("not a time: '" + text + "'; write 2026-02-01T08:00:00Z or 2h");
        }
    }

    /** Of two sources that read one topic, the one that leaves more open: a record that is sent again reaches both. */
    private static SourceInput stricter(SourceInput one, SourceInput other) {
        boolean isOpen = one.eventId().isEmpty() || one.knownTime().isEmpty();
        return isOpen || one.format().isOfChanges() ? one : other;
    }

    private static Set<String> topics(Map<String, Definition> registry, String name) {
        return sources(registry).stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .map(known -> Set.copyOf(known.topics()))
                .orElseThrow(() -> new WorkbenchException("the registry has no source '" + name + "'"));
    }

    /** The sources in force. */
    static List<Source> sources(Map<String, Definition> registry) {
        Collection<String> bodies = registry.values().stream()
                .filter(definition -> definition.getKind().equals("Source"))
                .map(Definition::getBody)
                .toList();
        return Definitions.fromRegistry(bodies).orThrow().sources();
    }

    /** Who says how the records of a topic are read; of a union, its members. */
    static Map<String, SourceInput> inputs(List<Source> sources) {
        return sources.stream()
                .flatMap(source -> source.inputs().stream())
                .collect(Collectors.toMap(SourceInput::topic, input -> input, LetterOptions::stricter, TreeMap::new));
    }
}
