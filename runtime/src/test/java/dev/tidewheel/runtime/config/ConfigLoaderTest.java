package dev.tidewheel.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    record Flush(
            @Default("5ms") Duration interval,
            @Default("2_000") int maxKeys) {
        Flush {
            if (maxKeys < 1) {
                throw new IllegalArgumentException("maxKeys must be at least 1, is " + maxKeys);
            }
        }
    }

    record Job(
            String name,
            @Default("wall") ClockMode clock,
            @Default("{}") Flush flush,
            Optional<String> note) {}

    @Test
    void readsEveryType() {
        record Many(
                String text,
                int small,
                long large,
                double share,
                boolean on,
                ClockMode clock,
                Duration pause,
                DataSize buffer,
                Path folder,
                URI address,
                Flush flush,
                List<Flush> flushes,
                Map<String, String> names,
                Optional<Flush> maybe,
                @Nullable String nullable) {}
        ConfigAssertions.assertFullMapping(
                Many.class,
                """
                text: 1.10
                small: 7
                large: 5_000_000_000
                share: 1e-4
                on: true
                clock: story
                pause: 10m
                buffer: 64MB
                folder: /data
                address: http://localhost:80/x
                flush: {interval: 1s, maxKeys: 1}
                flushes: [{interval: 2s, maxKeys: 2}, {interval: 3s, maxKeys: 3}]
                names: {a: b}
                maybe: {interval: 1d, maxKeys: 4}
                nullable: there
                """,
                new Many(
                        "1.10",
                        7,
                        5_000_000_000L,
                        1e-4,
                        true,
                        ClockMode.STORY,
                        Duration.ofMinutes(10),
                        new DataSize(64L << 20),
                        Path.of("/data"),
                        URI.create("http://localhost:80/x"),
                        new Flush(Duration.ofSeconds(1), 1),
                        List.of(new Flush(Duration.ofSeconds(2), 2), new Flush(Duration.ofSeconds(3), 3)),
                        Map.of("a", "b"),
                        Optional.of(new Flush(Duration.ofDays(1), 4)),
                        "there"));
    }

    @Test
    void fillsInDefaults() {
        ConfigAssertions.assertDefaults(
                Job.class,
                "name: a",
                new Job("a", ClockMode.WALL, new Flush(Duration.ofMillis(5), 2_000), Optional.empty()));
        ConfigAssertions.assertDefaults(
                Job.class,
                "{name: a, flush: {maxKeys: 3}, note: null}",
                new Job("a", ClockMode.WALL, new Flush(Duration.ofMillis(5), 3), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {nme: a}                        | job.yaml:1:2: nme: unknown key; did you mean 'name'?
            {name: a, zzz: 1}               | job.yaml:1:11: zzz: unknown key; known keys: clock, flush, name, note
            {name: a, flush: {maxKey: 1}}   | job.yaml:1:19: flush.maxKey: unknown key; did you mean 'maxKeys'?
            {clock: wall}                   | job.yaml:1:1: name: is required; add 'name: <text>'
            {name: a, name: b}              | job.yaml:1:11: key 'name' is given twice; remove one
            {name: [a]}                     | job.yaml:1:8: name: expected text, found a list
            {name: a, clock: moon}          | job.yaml:1:18: clock: expected one of wall, story, found 'moon'
            {name: a, flush: 5}             | job.yaml:1:18: flush: expected a mapping with the keys interval, maxKeys, found '5'
            {name: a, flush: {interval: 5}} | job.yaml:1:29: flush.interval: not a duration: '5'; write a whole number with a unit, such as 5ms, 2s, 10m, 1h or 1d
            {name: a, flush: {maxKeys: x}}  | job.yaml:1:28: flush.maxKeys: expected a whole number, found 'x'
            {name: a, flush: {maxKeys: 1.5}}| job.yaml:1:28: flush.maxKeys: expected a whole number, found '1.5'
            {name: a, flush: {maxKeys: 9999999999}} | job.yaml:1:28: flush.maxKeys: number too large: 9999999999
            {name: a, flush: {maxKeys: 0}}  | job.yaml:1:18: flush: maxKeys must be at least 1, is 0
            {name: '${env:NOPE}'}           | job.yaml:1:8: environment variable NOPE is not set; set it before the start
            {name: '${nope}'}               | job.yaml:1:8: unknown placeholder '${nope}'; write ${env:NAME} or ${file:/path}
            """)
    void saysWhereAndWhatToWrite(String yaml, String message) {
        assertThatThrownBy(() -> parse(yaml, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{name: a", "a: b: c", "\t- x", "{name: *gone}", "--- a\n--- b", "{? [a] : b}", "[]", "text"})
    void brokenYamlIsAConfigException(String yaml) {
        assertThatThrownBy(() -> parse(yaml, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("job.yaml:");
    }

    @Test
    void countsLinesFromOne() {
        assertThatThrownBy(() -> parse("# a job\nname: a\nflush:\n  maxKeys: many\n", Map.of()))
                .hasMessageStartingWith("job.yaml:4:12: flush.maxKeys:");
    }

    @Test
    void resolvesPlaceholdersOnce(@TempDir Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "s3cret\n");
        assertThat(parse("name: ${env:A}-${file:" + secret + "}", Map.of("A", "${env:B}", "B", "never"))
                        .name())
                .isEqualTo("${env:B}-s3cret");
    }

    @Test
    void neverShowsWhatAPlaceholderStandsFor() {
        for (String yaml : List.of(
                "{name: a, clock: '${env:S}'}",
                "{name: a, flush: '${env:S}'}",
                "{name: a, flush: {maxKeys: '${env:S}'}}",
                "{name: a, flush: {interval: '${env:S}'}}")) {
            assertThatThrownBy(() -> parse(yaml, Map.of("S", "hunter2")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("placeholder")
                    .hasMessageNotContaining("hunter2");
        }
    }

    @Test
    void namesAMissingFile(@TempDir Path folder) {
        Path file = folder.resolve("gone.yaml");
        assertThatThrownBy(() -> ConfigLoader.load(file, Job.class))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("--config FILE");
    }

    @Test
    void loadsAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("job.yaml"), "name: a\n");
        assertThat(ConfigLoader.load(file, Job.class).name()).isEqualTo("a");
    }

    private static Job parse(String yaml, Map<String, String> environment) {
        return ConfigLoader.parse(yaml, "job.yaml", Job.class, environment);
    }
}
