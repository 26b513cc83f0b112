package dev.tidewheel.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation points at is there. */
class DocumentationTest {
    private static final Repository REPOSITORY = Repository.find();

    /** A link to a file of ours: no scheme, no anchor alone. */
    private static final Pattern LINK = Pattern.compile("]\\((?![a-z]+:|#)([^)#\\s]+)");

    /** A page named in code style, from the root. */
    private static final Pattern PAGE = Pattern.compile("`(docs/[\\w./-]+\\.md)`");

    static Stream<Path> pages() {
        return REPOSITORY.files(file -> file.toString().endsWith(".md")).stream();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void pointsAtWhatIsThere(Path page) {
        List<Path> targets = new ArrayList<>();
        Path folder = REPOSITORY.root().resolve(page).getParent();
        find(LINK, page).forEach(link -> targets.add(folder.resolve(link)));
        find(PAGE, page).forEach(name -> targets.add(REPOSITORY.root().resolve(name)));
        assertThat(targets)
                .as("what %s points at", page)
                .allSatisfy(target ->
                        assertThat(Files.exists(target)).as(target.toString()).isTrue());
    }

    private static List<String> find(Pattern pattern, Path page) {
        return pattern.matcher(REPOSITORY.read(page))
                .results()
                .map(result -> result.group(1))
                .toList();
    }
}
