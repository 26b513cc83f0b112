package dev.tidewheel.workbench.cost;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.workbench.cost.CostReport.View;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostReportTest {
    private static final CostReport FLIGHTS =
            CostReport.of(Definitions.load(Path.of("../examples/flights")).orThrow(), 1_000, Duration.ofMinutes(1));

    @Test
    void whatAServiceAndAJobCostIsTheSumOfTheirViews() {
        List<View> views = FLIGHTS.views();
        assertThat(views).extracting(View::name).containsExactly("origin_delays", "route_delays");
        assertThat(views).allSatisfy(view -> {
            assertThat(view.bytesOfAllKeys()).isEqualTo(1_000 * view.bytesPerKey());
            assertThat(view.bytesPerEvent()).isBetween(1L, 1_024L);
            assertThat(view.mergesPerRead()).isPositive();
        });
        assertThat(FLIGHTS.services().get(0).cost().bytesPerRead())
                .isEqualTo(views.get(0).bytesPerKey() + views.get(1).bytesPerKey());
        assertThat(FLIGHTS.sources().get(0).bytesPerEvent())
                .isEqualTo(views.get(0).bytesPerEvent() + views.get(1).bytesPerEvent());
    }

    @Test
    void theTextNamesEveryViewAndItsDearestFeatureFirst() {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        CostText.print(FLIGHTS, out);
        out.flush();
        assertThat(text.toString())
                .contains("view route_delays: a key takes ")
                .contains("service departure: a row reads ");
        String origin = text.toString().substring(text.toString().indexOf("view origin_delays"));
        assertThat(origin.lines().skip(1).findFirst().orElseThrow()).endsWith("destinations_24h");
    }

    @Test
    void aChangelogHoldsItsUpstreamOnceMore() {
        CostReport engine =
                CostReport.of(Definitions.load(Path.of("../examples/engine")).orThrow(), 1_000, Duration.ofMinutes(1));
        CostReport.Job job = engine.sources().stream()
                .filter(source -> source.name().equals("routes_changelog"))
                .findFirst()
                .orElseThrow();
        assertThat(job.views()).isEqualTo(1);
        assertThat(job.bytesToTell())
                .isEqualTo(engine.views().stream()
                        .filter(view -> view.name().equals("routes"))
                        .mapToLong(View::bytesOfAllKeys)
                        .sum())
                .isPositive();
        StringWriter text = new StringWriter();
        CostText.print(engine, new PrintWriter(text, true));
        assertThat(text.toString()).contains("to tell the changelog it holds ");
    }

    @Test
    void theJsonHasTheSameNumbers() {
        JsonNode json = new ObjectMapper().valueToTree(FLIGHTS);
        assertThat(json.at("/views/0/bytesPerKey").asLong())
                .isEqualTo(FLIGHTS.views().get(0).bytesPerKey());
        assertThat(json.at("/views/0/parts/0/features/0").asText()).isNotEmpty();
    }
}
