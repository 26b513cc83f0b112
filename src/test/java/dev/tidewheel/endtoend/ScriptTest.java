package dev.tidewheel.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code tidewheel} script in a tree of its own, with a Java and a Maven that do no more than it looks at. */
class ScriptTest {
    private static final Repository REPOSITORY = Repository.find();

    /** Tells its version, keeps classes, begins with an archive only if it is whole, else tells how it was called. */
    private static final String JAVA = """
            #!/bin/sh
            case "$*" in
              -version) echo 'openjdk version "17.0.1"' >&2; echo 'VM (build 17.0.1+2-Test, sharing)' >&2 ;;
              *ArchiveClassesAtExit=*)
                file=$(printf '%s\\n' "$@" | sed -n 's/-XX:ArchiveClassesAtExit=//p')
                cat "$TIDEWHEEL_HOME/kept" >"$file" ;;
              *-Xshare:on*)
                file=$(printf '%s\\n' "$@" | sed -n 's/-XX:SharedArchiveFile=//p')
                grep -q whole "$file" ;;
              *) printf '%s\\n' "$CLASSPATH" "$@" ;;
            esac
            """;

    /** Writes over the jar as it is, as Maven does. */
    private static final String MAVEN = """
            #!/bin/sh
            echo new >workbench/target/tidewheel-workbench-2.jar
            printf %s "$PWD/workbench/target/other.jar" >workbench/target/classpath.txt
            touch workbench/target/other.jar
            """;

    private static final String ARCHIVE = "classes-17.0.1+2-Test.jsa";

    private final Path home;
    private final Path target;

    ScriptTest(@TempDir Path home) throws IOException {
        this.home = home;
        this.target = Files.createDirectories(home.resolve("workbench/target"));
        program("tidewheel", REPOSITORY.read(Path.of("tidewheel")));
        program("mvnw", MAVEN);
        program("jdk/bin/java", JAVA);
        program("jdk/bin/javac", "#!/bin/sh\n");
        Files.writeString(home.resolve("pom.xml"), "<project>\n  <version>2</version>\n</project>\n");
        Files.writeString(home.resolve("kept"), "whole");
    }

    @Test
    void beginsWithAnArchiveFromTheFirstCommandOn() throws Exception {
        assertThat(run()).contains("-XX:SharedArchiveFile=" + real().resolve(ARCHIVE), "--help");
        assertThat(names()).noneMatch(name -> name.startsWith("archiving"));
    }

    @Test
    void doesWithoutAnArchiveThatIsNotWhole() throws Exception {
        Files.writeString(home.resolve("kept"), "cut off");
        assertThat(run()).noneMatch(word -> word.contains("SharedArchiveFile")).contains("--help");
        Files.writeString(home.resolve("kept"), "whole");
        assertThat(run()).as("no second try").noneMatch(word -> word.contains("SharedArchiveFile"));
    }

    @Test
    void makesTheArchiveAgainWhenAJarHasChanged() throws Exception {
        run();
        Files.writeString(home.resolve("kept"), "whole once more");
        run();
        assertThat(target.resolve(ARCHIVE)).hasContent("whole");
        Files.setLastModifiedTime(
                target.resolve("other.jar"), FileTime.from(Instant.now().plusSeconds(1)));
        run();
        assertThat(target.resolve(ARCHIVE)).hasContent("whole once more");
    }

    @Test
    void takesTheJarOfThisVersionAndRemovesOthers() throws Exception {
        Files.writeString(target.resolve("tidewheel-workbench-1.jar"), "old");
        String first = real().resolve("tidewheel-workbench-2.jar") + ":";
        assertThat(run()).anyMatch(word -> word.startsWith(first));
        assertThat(names()).doesNotContain("tidewheel-workbench-1.jar");
    }

    @Test
    void leavesAnOpenJarToWhoHasIt() throws Exception {
        Path jar = Files.writeString(target.resolve("tidewheel-workbench-2.jar"), "before");
        try (Stream<String> open = Files.lines(jar)) {
            run();
            assertThat(open).containsExactly("before");
        }
        assertThat(jar).hasContent("new");
    }

    /** The words that the command's JVM was started with, behind its class path. */
    private List<String> run() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(home.resolve("tidewheel").toString(), "--help");
        builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
        builder.redirectError(home.resolve("errors").toFile());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(Files.readString(home.resolve("errors")))
                .isZero();
        return output.lines().toList();
    }

    /** As the script names it: without symbolic links. */
    private Path real() throws IOException {
        return target.toRealPath();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private void program(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
