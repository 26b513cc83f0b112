package dev.tidewheel.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of CONTRIBUTING.md that a text search can check. */
class HouseRulesTest {
    private static final Repository REPOSITORY = Repository.find();
    private static final Pattern SHELVES = Pattern.compile("(utils?|helpers?|common|misc)");
    private static final Pattern SENTENCE = Pattern.compile("(?s)^/\\*\\*[\\s*]+\\S.*?\\.\\s.*\\*/.*");

    static Stream<Path> packages() {
        Set<Path> folders = new TreeSet<>();
        REPOSITORY.files(mainJava()).forEach(file -> folders.add(file.getParent()));
        return folders.stream();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void everyPackageSaysWhatItIsFor(Path folder) {
        Path file = folder.resolve("package-info.java");
        assertThat(REPOSITORY.root().resolve(file)).exists();
        assertThat(REPOSITORY.read(file))
                .as("%s: a Javadoc sentence, and @NullMarked so that nulls are checked", file)
                .matches(SENTENCE)
                .containsPattern("@[\\w.]*NullMarked");
    }

    @ParameterizedTest
    @MethodSource("packages")
    void noPackageIsAShelfForLeftovers(Path folder) {
        assertThat(folder.getFileName().toString())
                .as("%s: name it after what it does", folder)
                .doesNotMatch(SHELVES);
    }

    /** Fixtures and the jobs that tests start included: what is slow on purpose has a limit for its rate. */
    @Test
    void nothingInTestsSleeps() {
        assertThat(matching(REPOSITORY.files(testJava()), Pattern.compile("\\bsleep\\w*\\s*\\(|::\\s*sleep")))
                .as("wait for a state with a deadline instead: a sleep is too short on one machine and too long on all")
                .isEmpty();
    }

    /** Looking again and again is the business of fixtures, such as Await of the runtime's tests: they have a deadline. */
    @Test
    void noTestLooksAgainAndAgainByItself() {
        assertThat(matching(
                        REPOSITORY.files(testJava().and(file -> file.toString().endsWith("Test.java"))),
                        Pattern.compile("\\bpark(Nanos|Until)\\s*\\(")))
                .as("let a fixture wait: a pause without a level to wait for is a sleep")
                .isEmpty();
    }

    @Test
    void mathematicsReadsNoClockAndNoDice() {
        assertThat(matching(
                        REPOSITORY.files(mainJava().and(file -> file.startsWith("feature-pipelines/feature-model"))),
                        Pattern.compile("currentTimeMillis|nanoTime|Instant\\.now|LocalDate\\w*\\.now|Clock\\.system"
                                + "|new Random\\(\\)|ThreadLocalRandom|Math\\.random|UUID\\.randomUUID")))
                .as("time is passed in, and equal input gives equal output")
                .isEmpty();
    }

    private static List<Path> matching(List<Path> files, Pattern pattern) {
        return files.stream()
                .filter(file -> pattern.matcher(REPOSITORY.read(file)).find())
                .toList();
    }

    private static Predicate<Path> mainJava() {
        return file -> file.toString().endsWith(".java") && file.toString().contains("src/main/java/");
    }

    private static Predicate<Path> testJava() {
        return file -> file.toString().endsWith(".java") && file.toString().contains("src/test/java/");
    }
}
