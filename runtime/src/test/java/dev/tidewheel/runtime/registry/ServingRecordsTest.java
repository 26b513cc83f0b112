package dev.tidewheel.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.records.DefinedColumn;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.ServingRecords.Canary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServingRecordsTest {
    private static final Definition SERVICE = new Definition(
            "FeatureService",
            "departure",
            "sha256:5",
            "{\"spec\":{\"views\":[{\"view\":\"routes\"},{\"view\":\"airports\"},{\"view\":\"routes\"}]}}",
            0L,
            List.of(new DefinedColumn("delay", "FLOAT64")),
            1L);

    private final Map<String, Definition> registry = new HashMap<>(Map.of(
            "FeatureService/departure", SERVICE,
            "FeatureView/routes", view("routes", 3),
            "FeatureView/airports", view("airports", 1),
            "FeatureView/other", view("other", 1),
            "Source/flights", new Definition("Source", "flights", "sha256:1", "{}", 0L, List.of(), 1L)));

    @Test
    void aPinHoldsTheServiceWithItsViewsAndTheirSources() {
        Definition pin = ServingRecords.servicePin("departure", registry, 7);

        assertThat(pin.getKind()).isEqualTo("ServicePin");
        assertThat(pin.getName()).isEqualTo("sha256:5");
        assertThat(pin.getBody())
                .startsWith("[{\"body\":")
                .contains("\"columns\":[{\"name\":\"delay\",\"type\":\"FLOAT64\"}]")
                .contains("\"lineage\":3,\"name\":\"routes\"")
                .contains("\"name\":\"airports\"")
                .containsOnlyOnce("\"name\":\"flights\"")
                .doesNotContain("other");
    }

    @Test
    void aPinOfHalfAServiceIsRefused() {
        registry.remove("Source/flights");

        assertThatThrownBy(() -> ServingRecords.servicePin("departure", registry, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the registry has no Source 'flights'");
    }

    @Test
    void theLayoutOfAModelFileDoesNotMatter() {
        Definition one = ServingRecords.modelVersion(
                "late", "1", "{\"b\": {\"z\": 1, \"a\": 2}, \"a\": 1}", Optional.empty(), 7);
        Definition other =
                ServingRecords.modelVersion("late", "1", "{\n\"a\":1,\"b\":{\"a\":2,\"z\":1}}", Optional.empty(), 8);

        assertThat(one.getBody()).isEqualTo("{\"a\":1,\"b\":{\"a\":2,\"z\":1}}");
        assertThat(one.getHash()).isEqualTo(other.getHash());
        assertThat(ServingRecords.profileOf(one)).isEmpty();
        assertThat(ServingRecords.profileOf(ServingRecords.modelVersion("late", "1", "{}", Optional.of("sha256:9"), 7)))
                .hasValue("sha256:9");
    }

    @Test
    void saysWhoGetsTheRequests() {
        Definition traffic =
                ServingRecords.traffic("late", 4, "1", Optional.empty(), Optional.of(new Canary("weekly-1", 0.05)), 7);

        assertThat(traffic.getName()).isEqualTo("late");
        assertThat(traffic.getBody())
                .isEqualTo("{\"canary\":{\"share\":0.05,\"version\":\"weekly-1\"},\"champion\":\"1\",\"generation\":4,"
                        + "\"model\":\"late\",\"shadow\":null}");
    }

    private static Definition view(String name, long lineage) {
        return new Definition(
                "FeatureView", name, "sha256:" + name, "{\"spec\":{\"source\":\"flights\"}}", lineage, List.of(), 1L);
    }
}
