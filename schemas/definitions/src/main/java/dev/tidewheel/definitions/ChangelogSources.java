package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.yaml.Yaml;
import dev.tidewheel.definitions.yaml.Yaml.Entry;
import dev.tidewheel.definitions.yaml.Yaml.Mapping;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.definitions.yaml.YamlReader;
import dev.tidewheel.feature.chain.ChangelogRecords;
import dev.tidewheel.feature.row.Column;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The source that a chained view reads: a document like any other, written here and not by a user. Its topic is plain Avro
 * with the columns of {@link ChangelogRecords}.
 *
 * <p>The topic's name ends with a fingerprint of everything that decides what its records say. So a topic holds one
 * changelog, whole, and what another definition of the upstream tells goes to another.
 */
final class ChangelogSources {
    /** In the registry's form of such a source: the upstream view and its source, whole. Users cannot write it. */
    static final String UPSTREAM = "changelogOf";

    private static final String SUFFIX = "_changelog";
    private static final int LONGEST_NAME = 63;
    private static final int HASH_SCHEME = "sha256:".length();
    private static final int FINGERPRINT = 12;
    /** What decides no value, and what is compared as columns. */
    private static final Set<String> NO_MEANING =
            Set.of("idle", "watermarkDelay", "headSpan", "headEntries", "schema", UPSTREAM);

    private static final List<Map.Entry<String, Long>> UNITS = List.of(
            Map.entry("d", 86_400_000L), Map.entry("h", 3_600_000L), Map.entry("m", 60_000L), Map.entry("s", 1_000L));

    private ChangelogSources() {}

    /** The name of a view's changelog, as a source. */
    static String name(String view) {
        return view + SUFFIX;
    }

    /** Whether that name is one. */
    static boolean isNameable(String view) {
        return name(view).length() <= LONGEST_NAME;
    }

    /**
     * @throws IllegalArgumentException if the upstream's columns cannot stand together
     */
    static Draft draft(Upstream upstream) {
        String json = CanonicalJson.object(Map.of(
                "apiVersion", CanonicalJson.quoted(Kind.API_VERSION),
                "kind", CanonicalJson.quoted(Kind.SOURCE.word()),
                "metadata",
                        CanonicalJson.object(Map.of(
                                "name",
                                CanonicalJson.quoted(name(upstream.view().name())))),
                "spec", CanonicalJson.object(specification(upstream))));
        return new Draft(Kind.SOURCE, parsed(json), true);
    }

    private static Map<String, String> specification(Upstream upstream) {
        Map<String, String> spec = new TreeMap<>();
        spec.put(
                "kafka",
                CanonicalJson.object(Map.of(
                        "topic",
                        CanonicalJson.quoted(topic(upstream)),
                        "format",
                        CanonicalJson.quoted(SourceFormat.AVRO.word()))));
        spec.put(
                "schema",
                schema(
                        upstream.view().name(),
                        new ChangelogRecords(upstream.plan()).schema().columns()));
        spec.put("eventTime", CanonicalJson.quoted(ChangelogRecords.EVENT_TIME));
        spec.put("knownTime", CanonicalJson.quoted(ChangelogRecords.KNOWN_TIME));
        spec.put("eventId", CanonicalJson.quoted(ChangelogRecords.EVENT_ID));
        // A record is known a millisecond after it happened, and its Kafka timestamp says how far the topic is
        // complete.
        spec.put("horizon", CanonicalJson.quoted("1ms"));
        spec.put("futureLimit", CanonicalJson.quoted("1ms"));
        spec.put("watermarkDelay", CanonicalJson.quoted("1ms"));
        spec.put("idle", CanonicalJson.quoted(text(upstream.source().idle())));
        return spec;
    }

    /** In the largest unit that it is a multiple of, as somebody must have written it. */
    private static String text(Duration duration) {
        long millis = duration.toMillis();
        for (Map.Entry<String, Long> unit : UNITS) {
            if (millis % unit.getValue() == 0) {
                return millis / unit.getValue() + unit.getKey();
            }
        }
        return millis + "ms";
    }

    private static String schema(String view, List<Column> columns) {
        List<String> fields = columns.stream()
                .map(column -> CanonicalJson.object(
                        Map.of("name", CanonicalJson.quoted(column.name()), "type", "[\"null\"," + type(column) + "]")))
                .toList();
        return CanonicalJson.object(Map.of(
                "type", CanonicalJson.quoted("record"),
                "name", CanonicalJson.quoted(name(view)),
                "fields", "[" + String.join(",", fields) + "]"));
    }

    private static String type(Column column) {
        return switch (column.type()) {
            case INT64 -> "\"long\"";
            case FLOAT64 -> "\"double\"";
            case BOOL -> "\"boolean\"";
            case STRING, JSON -> "\"string\"";
            case TIMESTAMP -> "{\"logicalType\":\"timestamp-millis\",\"type\":\"long\"}";
        };
    }

    private static String topic(Upstream upstream) {
        String meaning = CanonicalJson.object(Map.of(
                "columns", CanonicalJson.quoted(upstream.source().columns().toString()),
                "functions", CanonicalJson.quoted(functions(upstream).toString()),
                "source", meaning(upstream.sourceBody()),
                "view", meaning(upstream.viewBody())));
        return Upstream.TOPICS + upstream.view().name() + "."
                + CanonicalJson.hash(meaning).substring(HASH_SCHEME, HASH_SCHEME + FINGERPRINT);
    }

    /** Those of the view, and those that make a union's columns, with their versions. */
    private static SortedSet<String> functions(Upstream upstream) {
        SortedSet<String> functions = new TreeSet<>(upstream.plan().functions());
        if (upstream.source().isUnion()) {
            upstream.source()
                    .inputs()
                    .forEach(input -> functions.addAll(
                            input.rows(upstream.source().columns()).functions()));
        }
        return functions;
    }

    private static String meaning(String body) {
        Mapping spec = (Mapping) parsed(body).get("spec").orElseThrow();
        return CanonicalJson.of(new Mapping(
                spec.entries().stream()
                        .filter(entry -> !NO_MEANING.contains(entry.key().text()))
                        .map(entry -> entry.key().text().equals("union") ? membersWithoutSchemas(entry) : entry)
                        .toList(),
                spec.place()));
    }

    private static Entry membersWithoutSchemas(Entry union) {
        List<Yaml> members = ((Yaml.Sequence) union.value())
                .items().stream()
                        .map(Mapping.class::cast)
                        .<Yaml>map(member -> with(
                                member,
                                "source",
                                without((Mapping) member.get("source").orElseThrow(), "schema")))
                        .toList();
        return new Entry(union.key(), new Yaml.Sequence(members, union.value().place()));
    }

    private static Mapping parsed(String json) {
        Problems none = new Problems();
        List<Yaml> documents = YamlReader.read("changelog", json, none);
        if (none.count() > 0) {
            throw new IllegalStateException("what was written here cannot be read: " + none.sorted());
        }
        return (Mapping) documents.get(0);
    }

    /** The registry's form of such a source, taken apart: the document without its upstream, and the upstream. */
    record Registered(Mapping document, Mapping upstream) {}

    /** Empty if the document is no changelog. */
    static Optional<Registered> registered(Mapping document) {
        Optional<Mapping> spec =
                document.get("spec").filter(Mapping.class::isInstance).map(Mapping.class::cast);
        Optional<Mapping> upstream = spec.flatMap(of -> of.get(UPSTREAM))
                .filter(Mapping.class::isInstance)
                .map(Mapping.class::cast);
        return upstream.map(of -> new Registered(with(document, "spec", without(spec.orElseThrow(), UPSTREAM)), of));
    }

    private static Mapping without(Mapping of, String key) {
        return new Mapping(
                of.entries().stream()
                        .filter(entry -> !entry.key().text().equals(key))
                        .toList(),
                of.place());
    }

    private static Mapping with(Mapping of, String key, Yaml value) {
        return new Mapping(
                of.entries().stream()
                        .map(entry -> entry.key().text().equals(key) ? new Entry(entry.key(), value) : entry)
                        .toList(),
                of.place());
    }

    /** A chained view's specification as the registry has it: its source is its upstream's changelog. */
    static Mapping resolved(Mapping spec) {
        return new Mapping(
                spec.entries().stream()
                        .map(entry -> entry.key().text().equals("view") ? resolved(entry) : entry)
                        .toList(),
                spec.place());
    }

    private static Entry resolved(Entry view) {
        Scalar key = view.key();
        Scalar name = (Scalar) view.value();
        return new Entry(
                new Scalar("source", key.style(), key.raw(), key.place()),
                new Scalar(name(name.text()), name.style(), name.raw(), name.place()));
    }

    /**
     * Reads the upstream of a registered changelog.
     *
     * @param written with the keys {@code source} and {@code view}
     * @throws DefinitionsException if something is wrong with it
     */
    static Upstream read(Mapping written) {
        String sourceBody = CanonicalJson.of(written.get(Kind.SOURCE.word()).orElseThrow());
        String viewBody = CanonicalJson.of(written.get(Kind.FEATURE_VIEW.word()).orElseThrow());
        Definitions definitions =
                Definitions.fromRegistry(List.of(sourceBody, viewBody)).orThrow();
        FeatureView view = definitions.views().get(0);
        Source source = definitions.source(view.source());
        return new Upstream(
                source,
                view,
                definitions.viewPlan(view.name()),
                sourceBody,
                viewBody,
                definitions.upstream(source.name()));
    }

    /** The registry's form of an upstream. */
    static String written(Upstream upstream) {
        return CanonicalJson.object(Map.of(
                Kind.SOURCE.word(), upstream.sourceBody(),
                Kind.FEATURE_VIEW.word(), upstream.viewBody()));
    }
}
