package dev.tidewheel.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedCheckpointsTest {
    @TempDir
    Path folder;

    @Test
    void nothingIsFoundWhereNothingIs() {
        assertThat(RetainedCheckpoints.latest(folder.resolve("missing"))).isEmpty();
        assertThat(RetainedCheckpoints.latest(folder)).isEmpty();
    }

    @Test
    void theNewestCompleteOneOfAllJobsIsFound() throws IOException {
        complete("a/chk-9", 1_000);
        Path newest = complete("b/chk-10", 2_000);
        complete("b/chk-9", 1_500);
        Files.createDirectories(folder.resolve("b/chk-11"));
        Files.createDirectories(folder.resolve("b/shared"));

        assertThat(RetainedCheckpoints.latest(folder)).contains(newest);
    }

    @Test
    void ofTheSameInstantTheGreaterNumberIsNewer() throws IOException {
        complete("a/chk-9", 1_000);
        Path newer = complete("a/chk-10", 1_000);

        assertThat(RetainedCheckpoints.latest(folder)).contains(newer);
    }

    private Path complete(String name, long millis) throws IOException {
        Path checkpoint = Files.createDirectories(folder.resolve(name));
        Path metadata = Files.writeString(checkpoint.resolve("_metadata"), "x");
        Files.setLastModifiedTime(metadata, FileTime.fromMillis(millis));
        return checkpoint;
    }
}
