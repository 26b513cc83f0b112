package dev.tidewheel.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process of its own for what is measured from its start: nothing is compiled, loaded or in memory before. What it took
 * is told by itself, in its last line. Used by one thread.
 */
final class OwnProcess {
    private static final String LAST_LINE = "took ";
    private static final int OUT_OF_MEMORY = 3;
    /** An exit code beyond it tells the signal. */
    private static final int SIGNALS = 128;

    private static final double NANOS = 1e9;
    private static final double KIB_PER_MIB = 1024;

    private final long began = System.nanoTime();
    private final Map<String, Double> reached = new LinkedHashMap<>();

    private OwnProcess() {}

    /**
     * What it took.
     *
     * @param wholeSeconds from its start to its end, as who waited for it saw it
     * @param seconds from the beginning of its main to the end of its work
     * @param cpuSeconds of all its threads, from its start on
     * @param mostMiB of memory that it held at once; 0 where the system does not tell
     * @param reached by what it had done, the seconds since its main began
     */
    record Took(double wholeSeconds, double seconds, double cpuSeconds, double mostMiB, Map<String, Double> reached) {
        Took {
            reached = Collections.unmodifiableMap(new LinkedHashMap<>(reached)); // In their order.
        }
    }

    /** How a process ended that was not sure to get through. */
    sealed interface End {
        /** It did what it should. */
        record Through(Took took) implements End {}

        /** It needed more memory than it was given, or more time. */
        record GaveUp(String why) implements End {}
    }

    /** In the process: its main begins. */
    static OwnProcess begin() {
        return new OwnProcess();
    }

    /** In the process: something is done. */
    void reached(String what) {
        reached.put(what, (System.nanoTime() - began) / NANOS);
    }

    /** In the process: all is done. */
    void tell() throws IOException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        Map<String, Object> took = new LinkedHashMap<>();
        took.put("seconds", (System.nanoTime() - began) / NANOS);
        took.put("cpuSeconds", system.getProcessCpuTime() / NANOS);
        took.put("mostMiB", mostMiB());
        took.put("reached", reached);
        Report.say(LAST_LINE + new ObjectMapper().writeValueAsString(took));
    }

    private static double mostMiB() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB)
                .findFirst()
                .orElse(0);
    }

    /**
     * Runs a main to its end, on this JVM's class path.
     *
     * @param heap such as {@code 1g}
     * @return empty if the heap was too small for it
     * @throws IllegalStateException if it fails otherwise
     */
    static Optional<Took> run(String heap, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return run(main.getSimpleName(), heap, List.of(main.getName()), List.of(arguments));
    }

    /**
     * The same with classes from an archive, without which it does not run.
     *
     * @param archive which {@link #archive} made; empty for none
     */
    static Optional<Took> run(String heap, Optional<Path> archive, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        archive.ifPresent(file -> command.addAll(List.of("-Xshare:on", "-XX:SharedArchiveFile=" + file)));
        command.add(main.getName());
        return run(main.getSimpleName(), heap, command, List.of(arguments));
    }

    /** Whether classes can be archived: not with a folder on the class path, as tests have. */
    static boolean canArchive() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .noneMatch(entry -> Files.isDirectory(Path.of(entry)));
    }

    /**
     * Runs a main to its end, and keeps the classes that it used as the JVM has them in memory.
     *
     * @throws IllegalStateException if none are kept
     */
    static void archive(Path archive, String heap, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        Files.deleteIfExists(archive);
        List<String> command = List.of("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:cds*=off", main.getName());
        Optional<Took> took = run(main.getSimpleName(), heap, command, List.of(arguments));
        if (took.isEmpty() || !Files.exists(archive)) {
            throw new IllegalStateException("no classes were kept in " + archive + " with a heap of " + heap);
        }
    }

    /** The same with a jar that brings its class path, and says in its last line what {@link #tell} does. */
    static Optional<Took> run(String heap, Path jar, String... arguments) throws IOException, InterruptedException {
        return run(jar.getFileName().toString(), heap, List.of("-jar", jar.toString()), List.of(arguments));
    }

    private static Optional<Took> run(String name, String heap, List<String> main, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + heap));
        command.addAll(main);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        long begin = System.nanoTime();
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        double whole = (System.nanoTime() - begin) / NANOS;
        if (code != 0 && output.contains("java.lang.OutOfMemoryError")) {
            return Optional.empty();
        }
        return Optional.of(took(name + " " + arguments, code, whole, output));
    }

    /**
     * Runs a program that is no Java, and says in its last line what {@link #tell} does; 3 is its exit code where its
     * memory is not enough.
     *
     * @param folder to run in; its output is left there
     * @param deadline when it is ended
     * @throws IllegalStateException if it fails otherwise
     */
    static End run(List<String> command, Path folder, Duration deadline) throws IOException, InterruptedException {
        Path log = folder.resolve("output.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        long begin = System.nanoTime();
        Process process = builder.start();
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                return new End.GaveUp("not through after " + deadline.toSeconds() + " s");
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        double whole = (System.nanoTime() - begin) / NANOS;
        int code = process.exitValue();
        if (code == OUT_OF_MEMORY) {
            return new End.GaveUp("out of memory after " + Math.round(whole) + " s");
        }
        if (code > SIGNALS) { // A library that cannot say so otherwise, or the system, whose memory is short.
            return new End.GaveUp("ended by signal " + (code - SIGNALS) + " after " + Math.round(whole) + " s");
        }
        return new End.Through(took(command.toString(), code, whole, Files.readString(log)));
    }

    private static Took took(String what, int code, double whole, String output) throws IOException {
        String last = output.strip().lines().reduce("", (before, line) -> line);
        if (code != 0 || !last.startsWith(LAST_LINE)) {
            throw new IllegalStateException(what + " ended with " + code + ":\n" + output);
        }
        JsonNode told = new ObjectMapper().readTree(last.substring(LAST_LINE.length()));
        Map<String, Double> reached = new LinkedHashMap<>();
        told.get("reached")
                .properties()
                .forEach(at -> reached.put(at.getKey(), at.getValue().asDouble()));
        return new Took(
                whole,
                told.get("seconds").asDouble(),
                told.get("cpuSeconds").asDouble(),
                told.get("mostMiB").asDouble(),
                reached);
    }
}
