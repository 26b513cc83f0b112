package dev.tidewheel.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.runtime.config.ConfigException;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainerConfigTest {

    private static final TrainerConfig.Reference REFERENCE =
            new TrainerConfig.Reference(Duration.ofHours(6), List.of("origin"), 3);

    @Test
    void all_fields() {
        assertThat(parse("""
                registry: models
                train:
                  - trainingSet: sets/january
                    model: late-arrival
                    version: "7"
                    inputs: [distance, hour]
                    ridge: 0.5
                    profile: {window: 6h, segments: [origin], topSegments: 3}
                evaluate:
                  - {name: spring, trainingSet: sets/spring, model: late-arrival, version: "7", influence: true}
                profile:
                  - {trainingSet: sets/january, model: late-arrival, version: "7", reference: {window: 6h, segments: [origin], topSegments: 3}, output: p.json}
                retrain:
                  definitions: run/definitions.json
                  warehouse: {path: tables, catalog: "jdbc:sqlite:catalog.db"}
                  model: late-arrival
                  version: weekly-1
                  train: {from: 2001-01-08T00:00:00Z, to: 2001-01-10T00:00:00Z}
                  gate: {from: 2001-01-10T00:00:00Z, to: 2001-01-11T00:00:00Z, against: ["1"]}
                  knownBy: 2001-01-11T00:00:00Z
                  until: [{topic: flights, partition: 2, offset: 30}]
                  deadline: 3m
                  folder: run
                  result: run/result.json
                  inputs: [hour]
                  ridge: 0.1
                  profile: {window: 6h, segments: [origin], topSegments: 3}
                report: report.json
                """))
                .isEqualTo(new TrainerConfig(
                        Path.of("models"),
                        List.of(new TrainerConfig.Training(
                                Path.of("sets/january"),
                                "late-arrival",
                                "7",
                                List.of("distance", "hour"),
                                0.5,
                                REFERENCE)),
                        List.of(new TrainerConfig.Judging(
                                "spring", Path.of("sets/spring"), "late-arrival", "7", false, true)),
                        List.of(new TrainerConfig.Profiling(
                                Path.of("sets/january"), "late-arrival", "7", REFERENCE, Path.of("p.json"))),
                        Optional.of(new TrainerConfig.Retrain(
                                Path.of("run/definitions.json"),
                                new WarehouseConfig(Path.of("tables"), "jdbc:sqlite:catalog.db"),
                                "late-arrival",
                                "weekly-1",
                                new TrainerConfig.Range(
                                        Instant.parse("2001-01-08T00:00:00Z"), Instant.parse("2001-01-10T00:00:00Z")),
                                new TrainerConfig.Gate(
                                        Instant.parse("2001-01-10T00:00:00Z"),
                                        Instant.parse("2001-01-11T00:00:00Z"),
                                        List.of("1")),
                                Instant.parse("2001-01-11T00:00:00Z"),
                                List.of(new TrainerConfig.Until("flights", 2, 30)),
                                Duration.ofMinutes(3),
                                Path.of("run"),
                                Path.of("run/result.json"),
                                List.of("hour"),
                                0.1,
                                REFERENCE)),
                        Optional.of(Path.of("report.json"))));
    }

    @Test
    void defaults() {
        assertThat(parse("""
                registry: models
                train: [{trainingSet: sets/january, model: late-arrival}]
                """))
                .isEqualTo(new TrainerConfig(
                        Path.of("models"),
                        List.of(new TrainerConfig.Training(
                                Path.of("sets/january"),
                                "late-arrival",
                                "1",
                                List.of(),
                                1e-6,
                                new TrainerConfig.Reference(Duration.ofDays(1), List.of(), 10))),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            registry: m                                                              | nothing to do
            {registry: m, train: [{trainingSet: s, model: ../x}]}                    | not a model: '../x'
            {registry: m, train: [{trainingSet: s, model: x, version: a/b}]}         | not a version: 'a/b'
            {registry: m, train: [{trainingSet: s, model: x, ridge: 0}]}             | ridge must be greater than 0
            {registry: m, train: [{trainingSet: s, model: x, epochs: 3}]}            | epochs
            {registry: m, evaluate: [{name: n, trainingSet: s, model: .hidden}]}     | not a model: '.hidden'
            """)
    void what_is_wrong_is_said(String yaml, String message) {
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    private static TrainerConfig parse(String yaml) {
        return ConfigLoader.parse(yaml, "trainer.yaml", TrainerConfig.class, Map.of());
    }
}
