package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.clock.WallClock;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.apply.LineageComparison;
import dev.tidewheel.workbench.apply.LiveProgress;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a switch would change for readers, before it is done. */
@Command(
        name = "compare",
        description = "Compares what the online store has of two lineages, on a sample of their keys.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:compared; they may differ",
            "1:nothing could be compared: no key of the sample, or no feature, is in both",
            "3:there is no such lineage, or the store does not answer; the message says what to do"
        })
final class LineagesCompareCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(index = "0", paramLabel = "VIEW@LINEAGE", description = "One, such as the one that readers use.")
    private String first = "";

    @Parameters(index = "1", paramLabel = "VIEW@LINEAGE", description = "The other, such as the one that is to come.")
    private String second = "";

    @Option(
            names = "--sample",
            paramLabel = "KEYS",
            defaultValue = "1000",
            description = "At most so many keys, the same each time (default: ${DEFAULT-VALUE}).")
    private int sample = 1_000;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "The moment of the values, such as 2001-02-01T06:00:00Z (default: now).")
    private Optional<Instant> at = Optional.empty();

    @Mixin
    private KafkaOption kafka = new KafkaOption();

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (sample < 1) {
            throw new WorkbenchException("--sample must be at least 1, got " + sample);
        }
        KafkaConfig config = kafka.config();
        Map<String, Definition> registry = new Applier(config).inForce();
        ViewLineage one = lineage(registry, first);
        ViewLineage other = lineage(registry, second);
        long t = at.map(Instant::toEpochMilli).orElseGet(() -> new WallClock().now());
        LineageComparison.Outcome outcome;
        try (RedisFeatureStore open = store.open(kafka::running, DEADLINE)) {
            outcome = new LineageComparison(open, DEADLINE).compare(one, other, sample, t);
        }
        ObjectNode result = result(outcome, t);
        result.put("vacuous", outcome.isVacuous());
        try (LiveProgress progress = LiveProgress.open(config, List.of(one.source(), other.source()), DEADLINE)) {
            ObjectNode states = result.putObject("states");
            for (ViewLineage lineage : List.of(one, other)) {
                states.put(
                        lineage.id(),
                        progress.behind(lineage.source(), lineage.view(), lineage.lineage())
                                .orElse("has caught up"));
            }
        }
        print(result);
        return outcome.isVacuous() ? ExitCode.NOT_SOUND : ExitCode.OK;
    }

    private static ViewLineage lineage(Map<String, Definition> registry, String id) {
        return ViewLineages.known(registry).stream()
                .filter(lineage -> lineage.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new WorkbenchException(
                        "no lineage '" + id + "' is computed; 'tidewheel lineages' lists those that are"));
    }

    private static ObjectNode result(LineageComparison.Outcome outcome, long t) {
        ObjectNode node = JSON.createObjectNode();
        node.put("at", Instant.ofEpochMilli(t).toString());
        node.put("keys", outcome.keys()).put("sampled", outcome.sampled());
        node.put("onlyFirst", outcome.onlyFirst()).put("onlySecond", outcome.onlySecond());
        node.put("empty", outcome.empty());
        ArrayNode features = node.putArray("features");
        for (LineageComparison.Feature feature : outcome.features()) {
            ObjectNode each = features.addObject();
            each.put("name", feature.name()).put("equal", feature.equal());
            each.put("differs", feature.differs()).put("oneIsNull", feature.oneIsNull());
            if (!Double.isNaN(feature.meanDifference())) {
                each.put("meanDifference", feature.meanDifference());
            }
            each.put("greatest", feature.greatest());
        }
        outcome.featuresOfOne().forEach(node.putArray("featuresOfOne")::add);
        return node;
    }

    private void print(ObjectNode result) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(result));
        } else {
            text(result, out);
        }
        out.flush();
    }

    private void text(ObjectNode result, PrintWriter out) {
        result.path("states")
                .fields()
                .forEachRemaining(state ->
                        out.println(state.getKey() + "  " + state.getValue().asText()));
        out.printf(
                "at %s: %d of %d keys, %d only in %s, %d only in %s, %d with nothing but empty windows in both%n",
                result.path("at").asText(),
                result.path("sampled").asLong(),
                result.path("keys").asLong(),
                result.path("onlyFirst").asLong(),
                first,
                result.path("onlySecond").asLong(),
                second,
                result.path("empty").asLong());
        if (result.path("vacuous").asBoolean()) {
            out.println("NOTHING was compared: is --at the moment that you mean?");
        }
        result.path("features").forEach(feature -> {
            String mean = feature.has("meanDifference")
                    ? String.format(
                            Locale.ROOT,
                            ", mean difference %.6g",
                            feature.path("meanDifference").asDouble())
                    : "";
            out.printf(
                    "  %s  equal %d, differ %d, one is null %d%s%n",
                    feature.path("name").asText(),
                    feature.path("equal").asLong(),
                    feature.path("differs").asLong(),
                    feature.path("oneIsNull").asLong(),
                    mean);
            if (!feature.path("greatest").asText().isEmpty()) {
                out.println("    " + feature.path("greatest").asText());
            }
        });
        result.path("featuresOfOne").forEach(name -> out.println("  " + name.asText() + "  only in one of them"));
    }
}
