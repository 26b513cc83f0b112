package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.DefinitionTests.Failure;
import dev.tidewheel.definitions.DefinitionTests.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worked examples of {@code docs/values.md} hold, by the state that serves and by the naive oracle. */
class ValuesPageTest {
    private static final Path PAGE = Path.of("../../docs/values.md");
    private static final Path ENGINE = Path.of("../../examples/engine");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(apiVersion.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void everyExampleOfThePageHolds() throws IOException {
        List<String> examples = EXAMPLE.matcher(Files.readString(PAGE))
                .results()
                .map(MatchResult::group)
                .map(fenced -> fenced.substring("```yaml\n".length(), fenced.length() - "```".length()))
                .toList();
        Files.writeString(folder.resolve("page.yaml"), examples.stream().collect(Collectors.joining("---\n")));
        assertThat(failures(folder)).as("%d examples", examples.size()).isEmpty();
        assertThat(DefinitionTests.run(Definitions.load(folder))).hasSizeGreaterThan(5);
    }

    @Test
    void theEnginesExamplesHold() {
        assertThat(failures(ENGINE)).isEmpty();
        assertThat(DefinitionTests.run(Definitions.load(ENGINE))).hasSizeGreaterThan(2);
    }

    private static List<String> failures(Path folder) {
        return DefinitionTests.run(Definitions.load(folder).orThrow()).stream()
                .map(Result::failures)
                .flatMap(List::stream)
                .map(Failure::toString)
                .toList();
    }
}
