package dev.tidewheel.peers.spark;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** Spark in one JVM runs one query and writes its rows as Parquet; the last line says what it took. */
final class SparkPeer {
    private static final double NANOS = 1e9;
    private static final double KIB_PER_MIB = 1024;
    /** Eight for each thread, instead of 200, which cost more than they spread. */
    private static final int PARTITIONS_PER_THREAD = 8;

    private SparkPeer() {}

    /** Query, folder to write, threads. */
    public static void main(String[] arguments) throws IOException {
        long began = System.nanoTime();
        Path answers = Path.of(arguments[1]);
        int threads = Integer.parseInt(arguments[2]);
        double started;
        try (SparkSession session = SparkSession.builder()
                .master("local[" + threads + "]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "localhost")
                .config("spark.sql.shuffle.partitions", threads * PARTITIONS_PER_THREAD)
                .config(
                        "spark.sql.warehouse.dir",
                        answers.resolveSibling("spark-warehouse").toUri().toString())
                .getOrCreate()) {
            session.sparkContext().setLogLevel("ERROR"); // The last line is ours.
            started = seconds(began);
            session.sql(arguments[0])
                    .write()
                    .mode(SaveMode.Overwrite)
                    .option("compression", "zstd")
                    .parquet(answers.toString());
        }
        System.out.printf(
                Locale.ROOT,
                "took {\"seconds\": %f, \"cpuSeconds\": %f, \"mostMiB\": %f, \"reached\": {\"started\": %f}}%n",
                seconds(began),
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / NANOS,
                mostMiB(),
                started);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / NANOS;
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
}
