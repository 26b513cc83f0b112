package dev.tidewheel.history.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.Flights;
import dev.tidewheel.history.OnlineSimulation;
import dev.tidewheel.history.OnlineSimulation.Fault;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.runtime.erase.ErasedInferences;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExplainTest {

    @Test
    void aServedPredictionIsTakenApart() {
        long seed = new Random().nextLong();
        OnlineSimulation run = new OnlineSimulation(new Random(seed), 2_000, Fault.NONE).ask(300);
        Explain explain = explain(run);

        for (Inference inference : run.log.subList(200, 220)) {
            ServedExplanation explanation = explain.explain(inference);

            assertThat(explanation.isExplained())
                    .as("seed %d: %s", seed, explanation)
                    .isTrue();
            assertThat(explanation.views())
                    .extracting(ServedExplanation.View::view)
                    .containsExactly("origin_delays", "route_delays");
            assertThat(explanation.toJson()).contains(inference.getRequestId());
            ServedExplanation.View view = explanation.views().get(0);
            ServedExplanation.Feature week = feature(view, "origin_delays.flights_7d");
            assertThat(week.value().served()).as("seed %d", seed).isEqualTo(week.eventCount() + " OK");
            assertThat(week.parts()).as("seed %d", seed).isNotEmpty();
            assertThat(week.events()).hasSize(Math.min(20, week.eventCount())).allSatisfy(event -> {
                assertThat(event.offset())
                        .isLessThan(view.cut().get(event.topic()).get(event.partition()));
                assertThat(event.knownTime()).isLessThanOrEqualTo(inference.getT());
                assertThat(event.eventTime()).isBetween(week.from(), inference.getT() - 1);
            });
        }
    }

    @Test
    void aWrongValueIsShownBesideTheRightOne() {
        long seed = new Random().nextLong();
        OnlineSimulation run = new OnlineSimulation(new Random(seed), 2_000, Fault.DROP).ask(300);
        Explain explain = explain(run);

        assertThat(run.log.stream().map(explain::explain))
                .as("seed %d", seed)
                .anyMatch(explanation -> !explanation.isExplained());
    }

    @Test
    void aRowOfAnErasedEntitySaysThatNothingIsKnown() {
        OnlineSimulation run = new OnlineSimulation(new Random(3), 200, Fault.NONE).ask(1);
        Inference emptied = Inference.newBuilder(run.log.get(0)).build();
        ErasedInferences.empty(emptied, "01234567");

        ServedExplanation explanation = explain(run).explain(emptied);

        assertThat(explanation.error()).contains("erased entity");
        assertThat(explanation.views()).isEmpty();
        assertThat(explanation.computed()).isEmpty();
    }

    @Test
    void aRowWithoutFeaturesIsExplainedByItsStatus() {
        OnlineSimulation run = new OnlineSimulation(new Random(3), 200, Fault.NONE).ask(1);
        Inference unserved = Inference.newBuilder(run.log.get(0))
                .setStatus(InferenceStatus.FEATURES_UNAVAILABLE)
                .setError("the store did not answer")
                .setStatuses(ByteBuffer.allocate(0))
                .setNumbers(List.of())
                .setIntegers(List.of())
                .setStrings(List.of())
                .setCuts(List.of())
                .setPrediction(List.of())
                .build();

        ServedExplanation explanation = explain(run).explain(unserved);

        assertThat(explanation.status()).isEqualTo("FEATURES_UNAVAILABLE");
        assertThat(explanation.error()).isEqualTo("the store did not answer");
        assertThat(explanation.views()).isEmpty();
        assertThat(explanation.toJson()).contains("the store did not answer");
    }

    @Test
    void aPreviewCountsOnlyWhatHappenedInTheWindow() {
        ChangeHistory.Builder builder = new ChangeHistory.Builder(Flights.COLUMNS, new Origin.Memory("two"), "flights");
        for (int copy = 0; copy < 2; copy++) {
            Row row = new Row(Flights.SCHEMA.size()).setLong(0, 1).setLong(5, 600);
            row.setLong(1, Flights.START).setLong(2, Flights.START + 10 * Flights.HOUR + copy);
            row.setString(3, "ORD").setString(4, "LAX");
            Flights.add(builder, row, 0, copy);
        }
        Preview preview = new Preview(Flights.DEFINITIONS.viewPlan("origin_delays"), builder.build());
        Instant fiveLater = Instant.ofEpochMilli(Flights.START + 5 * Flights.HOUR);

        Preview.Point point =
                preview.series("ORD", fiveLater, fiveLater, Duration.ofHours(1)).get(0);

        assertThat(point.reasons().get("mean_delay_1h")).doesNotContain("not known yet");
        assertThat(point.reasons().get("mean_delay_24h")).contains("2 events of the window not known yet");
    }

    @Test
    void aPreviewSaysWhyAValueIsNull() {
        ChangeHistory history = Flights.real().orElseGet(() -> Flights.random(new Random(5), 3_000));
        Preview preview = new Preview(Flights.DEFINITIONS.viewPlan("origin_delays"), history);
        Instant start = Instant.ofEpochMilli(Flights.START + 6 * Flights.DAY);

        List<Preview.Point> points =
                preview.series("ORD", start, start.plus(Duration.ofDays(1)), Duration.ofMinutes(30));

        assertThat(points).hasSize(49);
        assertThat(points)
                .allSatisfy(point -> assertThat(point.values().entrySet())
                        .allSatisfy(value -> assertThat(point.reasons().containsKey(value.getKey()))
                                .isEqualTo(value.getValue().equals("null"))));
        assertThat(points.stream().map(point -> String.valueOf(point.reasons().get("mean_delay_1h"))))
                .anyMatch(
                        reason -> reason.contains("of the window not known yet, the first became known at 2001-01-1"));
    }

    @Test
    void aKeyWithoutChangesIsAbsentAllAlong() {
        Preview preview = new Preview(Flights.DEFINITIONS.viewPlan("origin_delays"), Flights.random(new Random(5), 50));
        Instant start = Instant.ofEpochMilli(Flights.START);

        List<Preview.Point> points = preview.series("NOWHERE", start, start, Duration.ofHours(1));

        assertThat(points)
                .singleElement()
                .satisfies(point -> assertThat(point.values())
                        .containsEntry("flights_1h", "0")
                        .containsEntry("mean_delay_1h", "null"));
    }

    private static Explain explain(OnlineSimulation run) {
        return new Explain(run.service, Flights.views(run.raw(run.topic.size())), run.index());
    }

    private static ServedExplanation.Feature feature(ServedExplanation.View view, String column) {
        return view.features().stream()
                .filter(feature -> feature.value().column().equals(column))
                .findFirst()
                .orElseThrow();
    }
}
