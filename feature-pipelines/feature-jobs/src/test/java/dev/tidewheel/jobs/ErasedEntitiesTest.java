package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.definitions.RecordTime;
import dev.tidewheel.definitions.SourceFormat;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.TestFlights.Flight;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.erase.ErasedEntities;
import dev.tidewheel.runtime.erase.ErasedKeys;
import dev.tidewheel.runtime.erase.ErasedRows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class ErasedEntitiesTest {
    private static final Map<String, String> ORD = Map.of("origin", "ORD");

    @Test
    void theirRowsAreKnownAfterAJourneyThroughTheJobGraph() throws Exception {
        ErasedRows rows = InstantiationUtil.clone(TestErasures.of(ORD, Map.of("origin", "LAX", "delay", "-7")))
                .rows(TestFlights.columns());

        assertThat(rows.isEmpty()).isFalse();
        assertThat(rows.cover(row("ORD", 3))).isTrue();
        assertThat(rows.cover(row("LAX", 3))).isFalse();
        assertThat(rows.cover(row("LAX", -7))).as("both columns").isTrue();
        assertThat(rows.cover(row(null, -7))).as("nobody's").isFalse();
        assertThat(rows.cover(row("ORDX", 3))).isFalse();
    }

    @Test
    void theirKeysAreThoseThatHaveAllTheirColumns() {
        ErasedEntities erased = TestErasures.of(Map.of("origin", "A|\\B"));

        ErasedKeys routes = erased.keys(List.of("destination", "origin"));
        assertThat(routes.cover(EntityKeys.join(List.of("X", "A|\\B")))).isTrue();
        assertThat(routes.cover(EntityKeys.join(List.of("A|\\B", "X")))).isFalse();
        assertThat(erased.keys(List.of("origin")).cover(EntityKeys.join(List.of("A|\\B"))))
                .isTrue();
        assertThat(erased.keys(List.of("destination")).isEmpty()).isTrue();
        assertThat(TestErasures.of(Map.of("origin", "X", "destination", "Y"))
                        .keys(List.of("origin"))
                        .isEmpty())
                .as("a part of a key is not the key")
                .isTrue();
    }

    @Test
    void aSourceWhoseColumnOfThatNameIsADoubleHasNoRowsOfTheirs() {
        RowSchema amounts = new RowSchema(List.of(new Column("origin", ColumnType.FLOAT64)));

        assertThat(TestErasures.of(ORD).concern(amounts)).isFalse();
        assertThat(TestErasures.of(ORD).rows(amounts).cover(new Row(1).setDouble(0, 2.5)))
                .isFalse();
    }

    @Test
    void withoutTheRightKeyNothingStarts() {
        assertThatThrownBy(() -> ErasedEntities.of(TestErasures.registry(ORD), Optional.empty()))
                .hasMessageContaining("configure erasures.key");
        assertThatThrownBy(() -> ErasedEntities.of(
                        TestErasures.registry(ORD), Optional.of(new ErasureKey("another 0123456789 0123456789 01"))))
                .hasMessageContaining(TestErasures.KEY.id());
        assertThat(ErasedEntities.of(Map.of(), Optional.empty())).isSameAs(ErasedEntities.NONE);
    }

    @Test
    void aVersionIsThatOfTheList() {
        assertThat(ErasedEntities.NONE.version()).isEmpty();
        assertThat(TestErasures.of(ORD).version())
                .isEqualTo(TestErasures.of(ORD).version())
                .isNotEqualTo(TestErasures.of(ORD, Map.of("origin", "LAX")).version());
        assertThat(TestErasures.of(ORD, Map.of("origin", "LAX")).version())
                .isEqualTo(TestErasures.of(Map.of("origin", "LAX"), ORD).version());
    }

    @Test
    void aJobThatCouldNotKeepThemAwayIsRefused() {
        JobDefinition job = TestFlights.job("flights");
        SourceLayout changes = new SourceLayout(
                "flights",
                "flights",
                SourceFormat.DEBEZIUM_AVRO,
                TestFlights.SCHEMA,
                "date",
                null,
                null,
                Duration.ofMinutes(1),
                Duration.ZERO,
                RecordTime.KAFKA,
                List.of());
        JobDefinition ofChanges = new JobDefinition(changes, job.horizonMillis(), job.columns(), job.entities());

        assertThat(job.without(TestErasures.of(ORD)).erased().version()).isNotEmpty();
        assertThat(ofChanges.without(TestErasures.of(Map.of("customer", "1"))).source())
                .as("none of its columns")
                .isEqualTo(changes);
        assertThatThrownBy(() -> ofChanges.without(TestErasures.of(ORD)))
                .hasMessageContaining("change stream")
                .hasMessageContaining("flights");
    }

    private static Row row(String origin, int delay) {
        Row row = new Flight(1, 2, 3, "X", "Y", delay).change().row();
        if (origin == null) {
            Row without = new Row(row.nulls().length);
            return without.setLong(5, delay);
        }
        return row.setString(3, origin);
    }
}
