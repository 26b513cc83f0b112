package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.problem.Problem;
import dev.tidewheel.feature.row.Column;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryFormTest {
    @TempDir
    private Path path;

    private static Map<String, String> hashes(Folder folder) {
        return folder.load().toRegistry().stream().collect(Collectors.toMap(RegistryEntry::key, RegistryEntry::hash));
    }

    @Test
    void comesInTheOrderOfReferences() {
        List<RegistryEntry> entries = Folder.at(path).load().toRegistry();
        assertThat(entries)
                .extracting(RegistryEntry::key)
                .containsExactly("Source/rides", "FeatureView/stations", "FeatureService/start", "Model/long-ride");
        assertThat(entries.get(2).columns())
                .extracting(Column::name)
                .containsExactly("hour", "stations.rides_60m", "stations.rides", "share");
    }

    /** Bytes that other languages may depend on. */
    @Test
    void theBodyIsCanonical() {
        RegistryEntry model = Folder.at(path).load().toRegistry().get(3);
        assertThat(model.body())
                .isEqualTo(
                        "{\"apiVersion\":\"tidewheel.dev/v1\",\"kind\":\"Model\",\"metadata\":{\"name\":\"long-ride\"},"
                                + "\"spec\":{\"label\":{\"expression\":\"minutes > 30.0\",\"name\":\"long\"},"
                                + "\"questions\":{\"at\":\"start\",\"entities\":{\"stop\":\"station\"},"
                                + "\"request\":[{\"expression\":\"start.getHours()\",\"name\":\"hour\"}],\"source\":\"rides\"},"
                                + "\"service\":\"start\",\"training\":{\"from\":\"2001-01-01T00:00:00Z\",\"to\":\"2001-02-01T00:00:00Z\"}}}");
        assertThat(model.hash()).isEqualTo(CanonicalJson.hash(model.body())).matches("sha256:[0-9a-f]{64}");
    }

    @Test
    void whatMeansTheSameHasTheSameHash() {
        Map<String, String> before = hashes(Folder.at(path));
        assertThat(hashes(Folder.at(path)
                        .changed("parameters: {q: 0.9}", "parameters: {\"q\": 9.0e-1}")
                        .changed("headEntries: 8", "headEntries: +08 # few")
                        .changed("a member's ride", "another name")
                        .changed(
                                "  source: rides\n  entity: [station]",
                                "  entity:\n    - 'station'\n  source: \"rides\"")))
                .isEqualTo(before);
    }

    @Test
    void aHashCoversWhatTheValuesAreComputedFrom() {
        Map<String, String> before = hashes(Folder.at(path));
        Map<String, String> otherSource = hashes(Folder.at(path).changed("horizon: 1d", "horizon: 2d"));
        assertThat(changed(before, otherSource))
                .containsExactlyInAnyOrder("Source/rides", "FeatureView/stations", "FeatureService/start");
        Map<String, String> otherView = hashes(Folder.at(path).changed("headSpan: 5s", "headSpan: 6s"));
        assertThat(changed(before, otherView))
                .containsExactlyInAnyOrder("FeatureView/stations", "FeatureService/start");
        Map<String, String> otherSchema =
                hashes(Folder.at(path).with("ride.avsc", Folder.SCHEMA.replace("\"RAIN\"", "\"RAIN\", \"SNOW\"")));
        assertThat(changed(before, otherSchema))
                .containsExactlyInAnyOrder("Source/rides", "FeatureView/stations", "FeatureService/start");
    }

    @Test
    void aHashCoversTheVersionsOfTheFunctionsThatAreCalled() {
        Folder folder = Folder.at(path)
                .changed("'minutes * 60.0'", "'geo.distance(minutes, 0.0, 0.0, 1.0)'")
                .changed("minutes > 30.0", "geo.distance(minutes, 0.0, 0.0, 1.0) > 30.0");
        List<RegistryEntry> entries = folder.load().toRegistry();
        RegistryEntry source = entries.get(0);
        RegistryEntry view = entries.get(1);
        RegistryEntry model = entries.get(3);
        assertThat(view.hash())
                .isEqualTo(CanonicalJson.hash("{\"definition\":" + view.body()
                        + ",\"uses\":{\"Function/geo.distance\":1,\"Source/rides\":\"" + source.hash() + "\"}}"));
        assertThat(model.hash())
                .isEqualTo(CanonicalJson.hash(
                        "{\"definition\":" + model.body() + ",\"uses\":{\"Function/geo.distance\":1}}"));
    }

    private static List<String> changed(Map<String, String> before, Map<String, String> after) {
        return before.keySet().stream()
                .filter(key -> !before.get(key).equals(after.get(key)))
                .toList();
    }

    @Test
    void theRegistryGivesBackWhatWasPublished() {
        List<RegistryEntry> published = Folder.at(path).load().toRegistry();
        Definitions back = Definitions.fromRegistry(
                published.stream().map(RegistryEntry::body).toList());
        assertThat(back.toRegistry()).isEqualTo(published);
        assertThat(back.view("stations").spec())
                .isEqualTo(Folder.at(path).load().view("stations").spec());
        assertThat(back.view("stations").tests()).isEmpty();
    }

    @Test
    void aBodyThatIsNoneIsAProblem() {
        assertThat(Definitions.fromRegistry(List.of("{\"apiVersion\":", "[]", "{}"))
                        .problems())
                .extracting(Problem::toString)
                .allMatch(text -> text.startsWith("registry:1:"))
                .hasSize(3);
    }
}
