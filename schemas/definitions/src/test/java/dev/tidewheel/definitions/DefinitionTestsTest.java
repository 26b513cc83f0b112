package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.DefinitionTests.Failure;
import dev.tidewheel.definitions.DefinitionTests.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionTestsTest {
    @TempDir
    private Path path;

    @Test
    void passesWhatHolds() {
        List<Result> results = DefinitionTests.run(Folder.at(path).load().orThrow());
        assertThat(results).hasSize(1).allMatch(Result::passed);
        assertThat(results.get(0).test()).isEqualTo("a member's ride");
    }

    @Test
    void failsWhatDoesNotHoldWhereItIsWritten() {
        Folder folder = Folder.at(path)
                .changed("seconds_24h: 120, rides: 1", "seconds_24h: 120.001, rides: null")
                .changed("rides_60m: 2", "rides_60m: 3");
        Result result = DefinitionTests.run(folder.load().orThrow()).get(0);
        assertThat(result.passed()).isFalse();
        assertThat(result.failures())
                .extracting(Failure::message)
                .containsExactly(
                        "seconds_24h is 120.0, expected 120.001",
                        "rides is 1, expected null",
                        "rides_60m is 2, expected 3");
        assertThat(result.failures())
                .extracting(failure -> failure.place().line())
                .containsExactly(52, 52, 53);
    }

    @Test
    void aKeyWithoutEventsIsNoError() {
        Folder folder = Folder.at(path)
                .changed("{station: 7}, at", "{station: 8}, at")
                .changed("rides_60m: 1, seconds_24h: 120, rides: 1", "rides_60m: 0, seconds_24h: null");
        assertThat(DefinitionTests.run(folder.load().orThrow())).allMatch(Result::passed);
    }
}
