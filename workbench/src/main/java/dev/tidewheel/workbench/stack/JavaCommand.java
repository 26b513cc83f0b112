package dev.tidewheel.workbench.stack;

import dev.tidewheel.workbench.launch.Leash;
import dev.tidewheel.workbench.launch.Together;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The command line of a child JVM. The class path travels in the environment, because onnxruntime 1.29 crashes when the
 * command line is long, and because short lines are readable in {@code ps}.
 *
 * @param checkout where the classes are
 * @param modules whose mains run in it, such as {@code inference-sidecar/sidecar}; their class paths are united
 * @param heapMegabytes the greatest heap
 * @param options further JVM options
 */
public record JavaCommand(Checkout checkout, List<String> modules, int heapMegabytes, List<String> options) {
    /** Environment variable with further options for all child JVMs, separated by blanks. */
    public static final String OPTIONS = "TIDEWHEEL_CHILD_JAVA_OPTS";

    private static final String OWN_MODULE = "workbench";

    public JavaCommand {
        modules = List.copyOf(modules);
        options = List.copyOf(options);
    }

    /**
     * A class to run.
     *
     * @param name with its package
     */
    public record Main(String name, List<String> arguments) {
        public Main {
            arguments = List.copyOf(arguments);
        }

        /** A main of ours, which takes a configuration file. */
        static Main of(String name, Path config) {
            return new Main(name, List.of("--config", config.toString()));
        }
    }

    /**
     * Program and arguments.
     *
     * @param name what the process calls itself in its log
     * @param mains what it runs, all of them side by side
     */
    public List<String> line(String name, List<Main> mains) {
        List<String> line = new ArrayList<>();
        line.add(java());
        line.add("-Xmx" + heapMegabytes + "m");
        line.add("-XX:+UseSerialGC");
        line.add("-XX:+ExitOnOutOfMemoryError");
        line.add("-Duser.timezone=UTC");
        line.add("-Dtidewheel.process=" + name);
        // Avro refuses to load classes that are not named as trusted.
        line.add("-Dorg.apache.avro.SERIALIZABLE_PACKAGES=dev.tidewheel.records");
        line.addAll(options);
        line.addAll(ofUser());
        line.add(Leash.class.getName());
        if (mains.size() > 1) {
            line.add(Together.class.getName());
        }
        for (int i = 0; i < mains.size(); i++) {
            if (i > 0) {
                line.add(Together.AND);
            }
            line.add(mains.get(i).name());
            line.addAll(mains.get(i).arguments());
        }
        return line;
    }

    /** The program: that of this process. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** {@code CLASSPATH}. */
    public Map<String, String> environment() {
        return Map.of("CLASSPATH", classPath());
    }

    /** The modules' class paths, each entry once, and what holds the child on its leash. */
    String classPath() {
        Set<String> entries = new LinkedHashSet<>();
        for (String module : modules) {
            entries.addAll(Arrays.asList(checkout.classPath(module).split(File.pathSeparator)));
        }
        entries.add(checkout.classes(OWN_MODULE).toString());
        return String.join(File.pathSeparator, entries);
    }

    private static List<String> ofUser() {
        String given = System.getenv().getOrDefault(OPTIONS, "").strip();
        return given.isEmpty() ? List.of() : List.of(given.split("\\s+"));
    }
}
