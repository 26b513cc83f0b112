package dev.tidewheel.workbench.stack;

import dev.tidewheel.workbench.WorkbenchException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The working tree that the command runs from: where the modules' classes and the examples lie.
 *
 * @param root the folder that holds the root POM
 */
public record Checkout(Path root) {
    /** Environment variable, set by the {@code tidewheel} script. */
    public static final String HOME = "TIDEWHEEL_HOME";

    /** Environment variable with a class path of jars that register functions for expressions. */
    public static final String FUNCTIONS = "TIDEWHEEL_FUNCTIONS";

    private static final String MARK = "mvnw";
    private static final Pattern JAR = Pattern.compile("tidewheel-[a-z-]+-[0-9][^-]*(-SNAPSHOT)?\\.jar");

    /**
     * The tree named by {@value #HOME}, else the nearest one above the current folder.
     *
     * @throws WorkbenchException if there is none
     */
    public static Checkout find() {
        String home = System.getenv(HOME);
        Path start = Path.of(home == null ? "" : home).toAbsolutePath().normalize();
        for (@Nullable Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(MARK)) && Files.isDirectory(folder.resolve("workbench"))) {
                return new Checkout(folder);
            }
        }
        throw new WorkbenchException(
                "no Tidewheel working tree at or above " + start + ": run ./tidewheel from inside one");
    }

    /**
     * What must stand on the class path to run a module's mains.
     *
     * @param module the module's folder, such as {@code feature-pipelines/feature-jobs}
     * @throws WorkbenchException if the module has not been built
     */
    public String classPath(String module) {
        Path target = root.resolve(module).resolve("target");
        Path dependencies = target.resolve("classpath.txt");
        if (!Files.exists(dependencies) || !Files.isDirectory(target.resolve("classes"))) {
            throw notBuilt(module);
        }
        try {
            return target.resolve("classes")
                    + File.pathSeparator
                    + Files.readString(dependencies).strip()
                    + functions(System.getenv());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The jars of registered functions, behind everything of ours: every process must know the same. */
    static String functions(Map<String, String> environment) {
        String jars = environment.getOrDefault(FUNCTIONS, "").strip();
        return jars.isEmpty() ? "" : File.pathSeparator + jars;
    }

    /** The classes of a module alone, without what they depend on. */
    public Path classes(String module) {
        return root.resolve(module).resolve("target/classes");
    }

    /**
     * The jar of a module alone.
     *
     * @throws WorkbenchException if the module has not been packaged
     */
    public Path jar(String module) {
        Path target = root.resolve(module).resolve("target");
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file ->
                            JAR.matcher(String.valueOf(file.getFileName())).matches())
                    .findFirst()
                    .orElseThrow(() -> notBuilt(module));
        } catch (NoSuchFileException e) {
            throw notBuilt(module);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder of the flights: definitions and data. */
    public Path flights() {
        return root.resolve("examples/flights");
    }

    private static WorkbenchException notBuilt(String module) {
        return new WorkbenchException(
                "module " + module + " has not been built: run ./mvnw -q -Dfast -DskipTests package");
    }
}
