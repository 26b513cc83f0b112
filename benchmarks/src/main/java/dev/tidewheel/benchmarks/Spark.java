package dev.tidewheel.benchmarks;

import dev.tidewheel.benchmarks.OwnProcess.Took;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Spark as a peer: in one JVM, with its own libraries, which do not go together with ours.
 *
 * @param jar starts it
 */
record Spark(Path jar) {
    /** Four times what Spark's driver has unless told otherwise, so that memory is not what holds it up. */
    static final String HEAP = "4g";

    private static final Path PROJECT = Path.of("benchmarks", "peers", "spark");

    /** The one that {@link #build} leaves. */
    static Spark in(Path repository) {
        return new Spark(repository.resolve(PROJECT).resolve(Path.of("target", "spark-peer.jar")));
    }

    /**
     * Builds it, which downloads Spark the first time.
     *
     * @return empty where it cannot be had, which is told
     */
    static Optional<Spark> build(Path repository) throws IOException, InterruptedException {
        Process maven = new ProcessBuilder(
                        "./mvnw", "-B", "-q", "-f", PROJECT.resolve("pom.xml").toString(), "package")
                .directory(repository.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (maven.waitFor() == 0) {
            return Optional.of(in(repository));
        }
        Report.say("  Spark is left out, as it cannot be built: "
                + output.strip().lines().findFirst().orElse("Maven says nothing"));
        return Optional.empty();
    }

    /**
     * Runs a query from a cold start.
     *
     * @param folder to write its rows to, as Parquet files
     */
    Took run(String query, Path folder, String threads) throws IOException, InterruptedException {
        return OwnProcess.run(HEAP, jar, query, folder.toString(), threads)
                .orElseThrow(
                        () -> new IllegalStateException("a heap of " + HEAP + " is too small for Spark: " + query));
    }
}
