package dev.tidewheel.workbench.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes the configuration folders of a Flink session cluster on one machine: one JobManager, one TaskManager. Flink's
 * own start scripts are not used; what they would work out is written down here.
 *
 * @param run where the cluster keeps its files
 * @param host where the cluster listens
 * @param rpcPort of the JobManager
 * @param restPort REST and web UI
 * @param jobManagerMetrics Prometheus
 * @param taskManagerMetrics Prometheus
 * @param slots of the TaskManager
 */
record FlinkFiles(
        RunDirectory run,
        String host,
        int rpcPort,
        int restPort,
        int jobManagerMetrics,
        int taskManagerMetrics,
        int slots) {

    /** Framework and task heap together. */
    static final int TASK_MANAGER_HEAP_MEGABYTES = 1024;

    /** The folder for the JobManager's {@code --configDir}. */
    Path jobManager() {
        return write("jobmanager", common(jobManagerMetrics));
    }

    /** The folder for the TaskManager's {@code --configDir}. */
    Path taskManager() {
        Map<String, String> values = common(taskManagerMetrics);
        values.put("taskmanager.host", host);
        values.put("taskmanager.bind-host", host);
        values.put("taskmanager.numberOfTaskSlots", Integer.toString(slots));
        values.putAll(TASK_MANAGER_MEMORY);
        return write("taskmanager", values);
    }

    /** A JVM without Flink's start script must be told all of these, or the TaskManager refuses to start. */
    private static final Map<String, String> TASK_MANAGER_MEMORY = Map.ofEntries(
            Map.entry("taskmanager.cpu.cores", "2"),
            Map.entry("taskmanager.memory.framework.heap.size", "128m"),
            Map.entry("taskmanager.memory.framework.off-heap.size", "128m"),
            Map.entry("taskmanager.memory.task.heap.size", "896m"),
            Map.entry("taskmanager.memory.task.off-heap.size", "0b"),
            Map.entry("taskmanager.memory.managed.size", "64m"),
            Map.entry("taskmanager.memory.network.min", "64m"),
            Map.entry("taskmanager.memory.network.max", "64m"),
            Map.entry("taskmanager.memory.jvm-metaspace.size", "256m"),
            Map.entry("taskmanager.memory.jvm-overhead.min", "192m"),
            Map.entry("taskmanager.memory.jvm-overhead.max", "192m"));

    private Map<String, String> common(int metricsPort) {
        Map<String, String> values = new TreeMap<>();
        values.put("jobmanager.rpc.address", host);
        values.put("jobmanager.rpc.port", Integer.toString(rpcPort));
        values.put("jobmanager.bind-host", host);
        values.put("jobmanager.memory.heap.size", "448m");
        values.put("jobmanager.execution.failover-strategy", "region");
        values.put("rest.address", host);
        values.put("rest.port", Integer.toString(restPort));
        values.put("rest.bind-address", host);
        values.put("rest.bind-port", Integer.toString(restPort));
        values.put("web.submit.enable", "true");
        values.put("web.tmpdir", made("flink/web").toString());
        values.put("io.tmp.dirs", made("flink/tmp").toString());
        values.put("parallelism.default", "1");
        values.put("execution.checkpointing.num-retained", "2");
        values.put("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
        values.put("execution.checkpointing.dir", run.checkpoints().toUri().toString());
        // A dead TaskManager is noticed at once by its closed connection; the time-out is for one that hangs.
        values.put("heartbeat.interval", "1 s");
        values.put("heartbeat.timeout", "10 s");
        values.put("restart-strategy.type", "fixed-delay");
        values.put("restart-strategy.fixed-delay.attempts", "20");
        values.put("restart-strategy.fixed-delay.delay", "500 ms");
        values.put("cluster.evenly-spread-out-slots", "false");
        values.put("slot.request.timeout", "120 s");
        values.put(
                "metrics.reporter.prometheus.factory.class",
                "org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
        values.put("metrics.reporter.prometheus.port", Integer.toString(metricsPort));
        // Hadoop is on the class path for its Parquet types alone; without these lines Flink looks for its security.
        values.put(
                "security.context.factory.classes",
                "org.apache.flink.runtime.security.contexts.NoOpSecurityContextFactory");
        values.put("security.module.factory.classes", "org.apache.flink.runtime.security.modules.JaasModuleFactory");
        values.put("security.delegation.tokens.enabled", "false");
        return values;
    }

    private Path write(String name, Map<String, String> values) {
        Path folder = made("config/" + name);
        String yaml = values.entrySet().stream()
                .map(entry -> entry.getKey() + ": '" + entry.getValue().replace("'", "''") + "'\n")
                .collect(Collectors.joining());
        try {
            Files.writeString(folder.resolve("config.yaml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write Flink's configuration", e);
        }
        return folder;
    }

    private Path made(String name) {
        try {
            return Files.createDirectories(run.root().resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + name, e);
        }
    }
}
