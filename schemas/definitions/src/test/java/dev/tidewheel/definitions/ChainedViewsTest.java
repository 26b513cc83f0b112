package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.Column;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Views that read views: the changelog is a source like any other, in the folder and in the registry. */
class ChainedViewsTest {
    private static final String CHAINED = view("busiest", "stations", "rides_60m");
    private static final String TWICE = view("twice", "busiest", "most");

    @TempDir
    private Path path;

    private static String view(String name, String upstream, String of) {
        return """
                ---
                apiVersion: tidewheel.dev/v1
                kind: FeatureView
                metadata:
                  name: %s
                spec:
                  view: %s
                  entity: [station]
                  features:
                    - {name: most, aggregate: max, of: %s, windows: [lifetime]}
                """.formatted(name, upstream, of);
    }

    /** What reads is written before what is read. */
    private Folder folder() {
        return Folder.at(path).with("a.yaml", TWICE + CHAINED);
    }

    private RegistryEntry entry(Folder folder, String key) {
        return folder.load().toRegistry().stream()
                .filter(entry -> entry.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aChangelogIsASource() {
        Definitions definitions = folder().load().orThrow();
        assertThat(definitions.view("busiest").source()).isEqualTo("stations_changelog");
        Source changelog = definitions.source("stations_changelog");
        assertThat(changelog.columns().columns())
                .extracting(Column::name)
                .containsExactly(
                        "station",
                        "rides_60m",
                        "rides",
                        "seconds_24h",
                        "worst_24h",
                        "_event_time",
                        "_known_time",
                        "_event_id");
        assertThat(Upstream.isChangelog(changelog)).isTrue();
        assertThat(Upstream.isChangelog(definitions.source("rides"))).isFalse();
        assertThat(changelog.idle()).as("as the source that it is told from").isEqualTo(Duration.ofMinutes(15));
        assertThat(changelog.eventTime()).isEqualTo("_event_time");
        assertThat(changelog.knownTime()).contains("_known_time");
        assertThat(changelog.eventId()).contains("_event_id");
        Upstream upstream = definitions.upstream("busiest_changelog").orElseThrow();
        assertThat(upstream.path()).extracting(each -> each.view().name()).containsExactly("stations", "busiest");
        assertThat(definitions.upstream("rides")).isEmpty();
    }

    @Test
    void theRegistryHasItWhole() {
        List<RegistryEntry> entries = folder().load().toRegistry();
        RegistryEntry source = entry(folder(), "Source/busiest_changelog");
        RegistryEntry view = entry(folder(), "FeatureView/twice");
        assertThat(view.body()).contains("\"source\":\"busiest_changelog\"").doesNotContain("\"view\"");

        Definitions alone =
                Definitions.fromRegistry(List.of(source.body(), view.body())).orThrow();

        assertThat(topic(alone, "busiest_changelog")).isEqualTo(topic(folder().load(), "busiest_changelog"));
        assertThat(alone.upstream("busiest_changelog").orElseThrow().path())
                .extracting(each -> each.view().name())
                .containsExactly("stations", "busiest");
        assertThat(alone.toRegistry()).extracting(RegistryEntry::hash).containsExactly(source.hash(), view.hash());
        Definitions whole = Definitions.fromRegistry(
                entries.stream().map(RegistryEntry::body).toList());
        assertThat(whole.toRegistry()).containsExactlyInAnyOrderElementsOf(entries);
    }

    @Test
    void aTopicHoldsTheChangelogOfOneDefinition() {
        String topic = topic(folder().load(), "stations_changelog");
        assertThat(topic).matches("tidewheel\\.changelog\\.stations\\.[0-9a-f]{12}");
        assertThat(topicAfter("headSpan: 5s", "headSpan: 6s")).isEqualTo(topic);
        assertThat(topicAfter("horizon: 1d", "horizon: 1d\n  idle: 7s\n  watermarkDelay: 1m"))
                .isEqualTo(topic);
        assertThat(topicAfter("where: member", "where: '!member'")).isNotEqualTo(topic);
        assertThat(topicAfter("horizon: 1d", "horizon: 2d")).isNotEqualTo(topic);
        assertThat(topicAfter("parameters: {q: 0.9}", "parameters: {q: 0.8}")).isNotEqualTo(topic);
    }

    @Test
    void theNextTopicFollows() {
        String topic = topic(folder().load(), "busiest_changelog");
        Definitions changed = folder().changed("horizon: 1d", "horizon: 2d").load();
        assertThat(topic(changed, "busiest_changelog")).isNotEqualTo(topic);
    }

    @Test
    void aHashCoversTheUpstream() {
        Map<String, String> before = hashes(folder());
        Map<String, String> after = hashes(folder().changed("headSpan: 5s", "headSpan: 6s"));
        assertThat(before.keySet().stream().filter(key -> !before.get(key).equals(after.get(key))))
                .containsExactlyInAnyOrder(
                        "FeatureView/stations",
                        "FeatureService/start",
                        "Source/stations_changelog",
                        "FeatureView/busiest",
                        "Source/busiest_changelog",
                        "FeatureView/twice");
    }

    @Test
    void aChangelogKnowsTheFunctionsThatMadeIt() {
        Folder folder = folder().changed("'minutes * 60.0'", "'geo.distance(minutes, 0.0, 0.0, 1.0)'");
        RegistryEntry source = entry(folder, "Source/stations_changelog");
        assertThat(source.hash())
                .isEqualTo(CanonicalJson.hash(
                        "{\"definition\":" + source.body() + ",\"uses\":{\"Function/geo.distance\":1}}"));
    }

    @Test
    void whatTheRegistryHoldsBrokenIsSaid() {
        String broken = entry(folder(), "Source/stations_changelog").body().replace("minutes * 60.0", "minute * 60.0");
        assertThat(Definitions.fromRegistry(List.of(broken)).problems())
                .isNotEmpty()
                .allSatisfy(problem ->
                        assertThat(problem.message()).startsWith("what 'stations_changelog' is computed from: "));
    }

    private String topicAfter(String from, String to) {
        return topic(folder().changed(from, to).load(), "stations_changelog");
    }

    private static String topic(Definitions definitions, String source) {
        return definitions.orThrow().source(source).only().topic();
    }

    private static Map<String, String> hashes(Folder folder) {
        return folder.load().toRegistry().stream().collect(Collectors.toMap(RegistryEntry::key, RegistryEntry::hash));
    }
}
