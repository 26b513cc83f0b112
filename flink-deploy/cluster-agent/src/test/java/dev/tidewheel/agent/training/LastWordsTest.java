package dev.tidewheel.agent.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.runtime.config.DataSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastWordsTest {
    @TempDir
    private Path work;

    @Test
    void areTheLastLineThatSaysSomethingWithoutPasswords() throws IOException {
        assertThat(of("INFO starts\nERROR no answer of redis://ada:lovelace@store:6379\n\n  \n"))
                .isEqualTo("weekly-1/trainer.log ends with: ERROR no answer of redis://ada:****@store:6379");
    }

    @Test
    void areShort() throws IOException {
        assertThat(of("x".repeat(100_000)))
                .hasSize(Launcher.LAST_WORDS)
                .startsWith("weekly-1/trainer.log ends with: xxx")
                .endsWith("x…");
    }

    @Test
    void mayBeMissing() throws IOException {
        assertThat(of("\n")).isEqualTo("weekly-1/trainer.log is empty");
    }

    private String of(String log) throws IOException {
        Path folder = Files.createDirectories(work.resolve("weekly-1"));
        Files.writeString(folder.resolve("trainer.log"), log);
        return launcher().lastWords(folder);
    }

    private LocalLauncher launcher() {
        return new LocalLauncher(new LauncherConfig(
                Optional.empty(),
                work.resolve("classpath"),
                "Trainer",
                List.of(),
                work,
                DataSize.parse("1GB"),
                Duration.ofMinutes(1),
                1));
    }
}
