package dev.tidewheel.workbench.stack;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.workbench.WorkbenchException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a run, or of those beside one that is not there. */
class RunInfoTest {
    @TempDir
    private Path folder;

    @Test
    void aRunThatIsNotThereIsToldWithThoseThatAre() throws Exception {
        RunDirectory absent = new RunDirectory(folder.resolve("nope"));
        assertThatThrownBy(() -> RunInfo.read(absent))
                .isInstanceOf(WorkbenchException.class)
                .hasMessage("there is no run in " + absent.root() + "; start it with: ./tidewheel demo --run nope");

        RunDirectory there = new RunDirectory(Files.createDirectory(folder.resolve("demo")));
        new RunInfo("localhost:1", "http://localhost:2", "redis://localhost:3", "definitions", "data").write(there);
        assertThatThrownBy(() -> RunInfo.read(absent)).hasMessageContaining("nope, there are demo; start it with");
    }
}
