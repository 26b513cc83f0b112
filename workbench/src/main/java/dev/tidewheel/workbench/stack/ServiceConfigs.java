package dev.tidewheel.workbench.stack;

import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration files of Tidewheel's own programs on one machine: where each finds the others. All run by the story's
 * clock.
 *
 * @param checkout where the trainer's classes are
 * @param run where files and tables are
 * @param endpoints where everything listens
 */
record ServiceConfigs(Checkout checkout, RunDirectory run, Endpoints endpoints, ConfigFiles files) {
    private static final String HOST = Endpoints.HOST;
    private static final String STORY = "story";

    Path broker() {
        return files.write(
                OneMachine.BROKER,
                Map.of(
                        "directory", run.kafka().toString(),
                        "host", HOST,
                        "port", endpoints.kafka(),
                        "controllerPort", endpoints.kafkaController(),
                        "ops", ops(endpoints.kafkaOps())));
    }

    Path featureJob(String project, String source, int parallelism, Map<String, String> injections) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("project", project);
        values.put("source", source);
        values.put("clock", STORY);
        values.put("kafka", kafka());
        values.put("redis", redisClient());
        values.put("warehouse", warehouse());
        values.put("checkpoint", checkpoint(OneMachine.FEATURE_JOB, "2s"));
        // A tick's events come at once, and the replay waits for them: to gather them for longer delays everybody.
        values.put("flush", Map.of("interval", "1ms"));
        values.put("parallelism", parallelism);
        values.put("inject", injections);
        return files.write(OneMachine.FEATURE_JOB, values);
    }

    Path monitoringJob(String project, int parallelism, Duration progress) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("project", project);
        values.put("clock", STORY);
        values.put("kafka", kafka());
        values.put("warehouse", warehouse());
        values.put("checkpoint", checkpoint(OneMachine.MONITORING_JOB, "5s"));
        values.put("parallelism", parallelism);
        values.put("progress", progress.toMillis() + "ms");
        return files.write(OneMachine.MONITORING_JOB, values);
    }

    Path modelServer() {
        return files.write(
                "modelserver",
                Map.of(
                        "listen", listen(endpoints.modelServer()),
                        "registry", run.models().toString(),
                        "ops", ops(endpoints.modelServerOps())));
    }

    Path sidecar(String project, String model, Map<String, String> injections) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("project", project);
        values.put("clock", STORY);
        values.put("kafka", kafka());
        values.put("redis", redisClient());
        values.put("listen", listen(endpoints.sidecar()));
        values.put("modelServer", Map.of("uri", modelServerUri(), "deadline", "5s"));
        values.put("model", model);
        values.put("ops", ops(endpoints.sidecarOps()));
        // Whoever got an answer finds it in the log: the books of a replay that loses a sidecar still balance.
        values.put("log", Map.of("acknowledge", true));
        if (!injections.isEmpty()) {
            values.put("inject", injections);
        }
        return files.write("sidecar", values);
    }

    /** @param applicationId also the consumer group */
    Path lifecycle(String applicationId) {
        return files.write(
                "lifecycle",
                Map.of(
                        "clock", STORY,
                        "kafka", kafka(),
                        "applicationId", applicationId,
                        "stateDir", run.data("lifecycle").toString(),
                        "ops", ops(endpoints.lifecycleOps())));
    }

    /** @param trainer how a trainer is started */
    Path agent(JavaCommand trainer) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("clock", STORY);
        values.put("kafka", kafka());
        values.put(
                "launcher",
                Map.of(
                        "java", JavaCommand.java(),
                        "classPath", classPathFile("trainer", trainer).toString(),
                        "workDir", run.data("runs").toString(),
                        "heap", trainer.heapMegabytes() + "MB",
                        "deadline", "5m"));
        values.put("registry", run.models().toString());
        values.put("warehouse", warehouse());
        values.put("modelServer", modelServerUri());
        values.put("sidecars", List.of(Endpoints.http(endpoints.sidecar(), "").toString()));
        // The story stands still until the agent has looked.
        values.put("poll", "20ms");
        values.put("ops", ops(endpoints.agentOps()));
        return files.write("agent", values);
    }

    /** What ends by itself: a trainer, a replay of decisions. */
    Path once(String name, Map<String, Object> values) {
        return files.write(name, values);
    }

    WarehouseConfig tables() {
        // Two jobs and a trainer commit to one catalog: whoever finds it locked waits.
        return new WarehouseConfig(
                run.warehouse(), "jdbc:sqlite:" + run.warehouse().resolve("catalog.db") + "?busy_timeout=30000");
    }

    Map<String, Object> warehouse() {
        return Map.of("path", tables().path().toString(), "catalog", tables().catalog());
    }

    Map<String, Object> kafka() {
        return Map.of("bootstrap", endpoints.bootstrap());
    }

    private Map<String, Object> redisClient() {
        return Map.of("uri", endpoints.redis().toString(), "deadline", "2s");
    }

    private Map<String, Object> checkpoint(String job, String interval) {
        return Map.of(
                "interval", interval, "directory", run.checkpoints(job).toUri().toString());
    }

    private String modelServerUri() {
        URI uri = Endpoints.http(endpoints.modelServer(), "");
        return uri.toString();
    }

    private Path classPathFile(String name, JavaCommand java) {
        Path file = run.config().resolve(name + ".classpath");
        try {
            return Files.writeString(file, java.classPath());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static Map<String, Object> listen(int port) {
        return Map.of("host", HOST, "port", port);
    }

    private static Map<String, Object> ops(int port) {
        return Map.of("host", HOST, "port", port);
    }
}
