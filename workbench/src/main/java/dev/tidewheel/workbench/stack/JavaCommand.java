package dev.tidewheel.workbench.stack;

import dev.tidewheel.workbench.launch.Leash;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The command line of a child JVM. The class path travels in the environment, because onnxruntime 1.29 crashes when the
 * command line is long, and because short lines are readable in {@code ps}.
 *
 * @param checkout where the classes are
 * @param module whose main it is, such as {@code inference-sidecar/sidecar}
 * @param main the class to run
 * @param heapMegabytes the greatest heap
 * @param options further JVM options
 */
public record JavaCommand(Checkout checkout, String module, String main, int heapMegabytes, List<String> options) {
    /** Environment variable with further options for all child JVMs, separated by blanks. */
    public static final String OPTIONS = "TIDEWHEEL_CHILD_JAVA_OPTS";

    private static final String OWN_MODULE = "workbench";

    public JavaCommand {
        options = List.copyOf(options);
    }

    /**
     * Program and arguments.
     *
     * @param name what the process calls itself in its log
     */
    public List<String> line(String name, List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
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
        line.add(main);
        line.addAll(arguments);
        return line;
    }

    /** {@code CLASSPATH}. */
    public Map<String, String> environment() {
        String own = checkout.classes(OWN_MODULE).toString();
        String path = checkout.classPath(module);
        return Map.of("CLASSPATH", module.equals(OWN_MODULE) ? path : path + File.pathSeparator + own);
    }

    private static List<String> ofUser() {
        String given = System.getenv().getOrDefault(OPTIONS, "").strip();
        return given.isEmpty() ? List.of() : List.of(given.split("\\s+"));
    }
}
