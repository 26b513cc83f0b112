package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.shape.Shape;
import dev.tidewheel.definitions.shape.Shape.Field;
import dev.tidewheel.definitions.shape.Shape.ListOf;
import dev.tidewheel.definitions.shape.Shape.Struct;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the documentation says of a key that is not written is what the loader does without it: writing the documented
 * default out changes nothing. The defaults are taken from the very sentences that users read.
 */
class DefaultsTest {
    private static final Pattern DEFAULT = Pattern.compile("; (\\S+) if not written");

    private static final String MONITOR = """
            apiVersion: tidewheel.dev/v1
            kind: Monitor
            metadata: {name: m}
            spec: {model: late-arrival, window: 1d, %srules: [{name: r, measure: psi%s}]}
            """;
    private static final String RETRAINING = """
            apiVersion: tidewheel.dev/v1
            kind: Retraining
            metadata: {name: r}
            spec: {model: late-arrival, training: {window: 28d}, gate: {window: 3d%s}, budget: {runs: 4, per: 28d}, rollout: careful%s}
            """;
    private static final String ROLLOUT = """
            apiVersion: tidewheel.dev/v1
            kind: Rollout
            metadata: {name: r}
            spec: {model: late-arrival, shadow: {for: 1d%s}, canary: [{share: 0.1, for: 1d}], health: {monitor: m, maxErrorShare: 0, maxP99: 1s%s}, deadline: 3d, watch: 2d}
            """;

    static Stream<String> promised() {
        Map<String, String> all = new TreeMap<>();
        for (Kind kind : new Kind[] {Kind.MONITOR, Kind.ROLLOUT, Kind.RETRAINING}) {
            collect(kind.specification(), kind.word(), all);
        }
        return all.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue());
    }

    private static void collect(Struct struct, String path, Map<String, String> all) {
        for (Field field : struct.fields()) {
            String key = path + "." + field.key();
            Matcher matcher = DEFAULT.matcher(field.meaning());
            if (matcher.find()) {
                all.put(key, matcher.group(1));
            }
            Shape inner = field.shape() instanceof ListOf list ? list.item() : field.shape();
            if (inner instanceof Struct deeper) {
                collect(deeper, key, all);
            }
        }
    }

    @Test
    void manyDefaultsArePromised() {
        assertThat(promised()).hasSize(14);
    }

    @ParameterizedTest
    @MethodSource("promised")
    void writingADefaultChangesNothing(String promised) {
        String key = promised.substring(0, promised.indexOf('='));
        String written = key.substring(key.lastIndexOf('.') + 1) + ": " + promised.substring(promised.indexOf('=') + 1);
        String parent = key.substring(0, key.lastIndexOf('.'));
        switch (parent) {
            case "Monitor" -> same(Monitor.fromBody(MONITOR.formatted(written + ", ", "")));
            case "Monitor.labels" -> same(Monitor.fromBody(MONITOR.formatted("labels: {" + written + "}, ", "")));
            case "Monitor.rules" -> same(Monitor.fromBody(MONITOR.formatted("", ", " + written)));
            case "Retraining" ->
                assertThat(Retraining.fromBody(RETRAINING.formatted("", ", " + written)))
                        .isEqualTo(Retraining.fromBody(RETRAINING.formatted("", "")));
            case "Retraining.gate" ->
                assertThat(Retraining.fromBody(RETRAINING.formatted(", " + written, "")))
                        .isEqualTo(Retraining.fromBody(RETRAINING.formatted("", "")));
            case "Rollout.shadow" -> same(Rollout.fromBody(ROLLOUT.formatted(", " + written, "")));
            case "Rollout.health" -> same(Rollout.fromBody(ROLLOUT.formatted("", ", " + written)));
            default -> throw new AssertionError("no definition to write " + key + " into");
        }
    }

    private static void same(Monitor monitor) {
        assertThat(monitor).isEqualTo(Monitor.fromBody(MONITOR.formatted("", "")));
    }

    private static void same(Rollout rollout) {
        assertThat(rollout).isEqualTo(Rollout.fromBody(ROLLOUT.formatted("", "")));
    }

    @Test
    void whatIsSaidInOtherWords() {
        Monitor.Rule rule = Monitor.fromBody(MONITOR.formatted("", "")).rules().get(0);
        assertThat(rule.k()).isEqualTo(2);
        assertThat(rule.n()).isEqualTo(3);
        assertThat(rule.cooldown()).isEqualTo(Duration.ofDays(1));
        assertThat(promisedSentence("persistence")).contains("k 2 of n 3 if not written");
        assertThat(promisedSentence("cooldown")).contains("one window if not written");
    }

    /** Without a direction, the two measures of which more is better are bad below, all others above. */
    @ParameterizedTest
    @EnumSource
    void theDirectionOfAMeasure(Measure measure) {
        boolean moreIsBetter = measure == Measure.ACCURACY || measure == Measure.AUC;
        assertThat(measure.direction()).isEqualTo(moreIsBetter ? Monitor.Direction.BELOW : Monitor.Direction.ABOVE);
        assertThat(promisedSentence("direction")).contains("below for accuracy and auc, else above, if not written");
    }

    private static String promisedSentence(String key) {
        ListOf rules = (ListOf)
                Kind.MONITOR.specification().field("rules").orElseThrow().shape();
        return ((Struct) rules.item()).field(key).orElseThrow().meaning();
    }
}
