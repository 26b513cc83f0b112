package dev.tidewheel.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a real process shows: its logs, and what it does at SIGTERM. It has none of the flags that tests run with. */
class ChildProcessTest {
    @Test
    @Timeout(180)
    void logsJsonAndStopsInOrder(@TempDir Path folder) throws Exception {
        Path logs = folder.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-Dtidewheel.process=child",
                        ChildProcess.class.getName())
                .redirectError(logs.toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process child = builder.start();
        try (BufferedReader output = child.inputReader()) {
            assertThat(output.readLine()).isEqualTo("read LATE");
            // Not child.destroy(), which also closes the output that is still to come.
            child.toHandle().destroy();
            assertThat(output.lines()).containsExactly("closed http", "closed producer");
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(logs);
        assertThat(lines).hasSize(2);
        JsonNode warning = new ObjectMapper().readTree(lines.get(0));
        assertThat(warning.get("level").asText()).isEqualTo("WARN");
        assertThat(warning.get("process").asText()).isEqualTo("child");
        assertThat(warning.get("message").asText()).isEqualTo("one \"line\"\nonly");
        assertThat(warning.get("requestId").asText()).isEqualTo("r-1");
        assertThat(warning.get("error").asText()).contains("IllegalStateException: on purpose");
        assertThat(new ObjectMapper().readTree(lines.get(1)).get("message").asText())
                .isEqualTo("child stops");
    }
}
