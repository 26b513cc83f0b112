package dev.tidewheel.workbench.stack;

import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.workbench.broker.BrokerMain;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The platform on one machine: how each of its processes is started. The same mains as in production, with the same
 * typed configuration; only Kafka and Flink are brought along, because one machine has no cluster.
 *
 * <p>Heaps and native parts sum to at most 6 GB: workbench 1 GB, broker 640 MB, Redis 512 MB, JobManager 768 MB,
 * TaskManager 1.8 GB, sidecar 512 MB, model server 512 MB.
 */
public final class OneMachine {
    /** Names of children, in the order of their start. */
    public static final String BROKER = "broker";

    public static final String REDIS = "redis";
    public static final String JOB_MANAGER = "jobmanager";
    public static final String TASK_MANAGER = "taskmanager";
    public static final String MODEL_SERVER = "modelserver";
    public static final String SIDECAR = "sidecar";

    private static final String HOST = Endpoints.HOST;
    private static final Duration START_DEADLINE = Duration.ofSeconds(90);
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);
    private static final List<String> FLINK_OPTIONS = List.of(
            "-XX:MaxMetaspaceSize=256m",
            "-XX:MaxDirectMemorySize=320m",
            // Flink's DataStream V2 reaches into a JDK map, whether or not it is used.
            "--add-opens=java.base/java.util=ALL-UNNAMED");
    private static final String FLINK_MODULE = "feature-pipelines/feature-jobs";

    private final Checkout checkout;
    private final RunDirectory run;
    private final Endpoints endpoints;
    private final boolean ownRedis;
    private final ConfigFiles configs;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    /**
     * @param redis an existing server to use instead of an own one
     */
    public OneMachine(Checkout checkout, RunDirectory run, Optional<URI> redis) {
        this.checkout = checkout;
        this.run = run;
        this.endpoints = Endpoints.free(redis);
        this.ownRedis = redis.isEmpty();
        this.configs = new ConfigFiles(run.config());
    }

    public Endpoints endpoints() {
        return endpoints;
    }

    /**
     * Broker, Redis, JobManager and TaskManager; none needs another to start.
     *
     * @param slots of the TaskManager
     * @throws dev.tidewheel.workbench.WorkbenchException if no Redis server runs here
     */
    public List<ProcessSpec> infrastructure(int slots) throws InterruptedException {
        List<ProcessSpec> specs = new ArrayList<>();
        specs.add(broker());
        if (ownRedis) {
            specs.add(redis());
        }
        specs.addAll(flink(slots));
        return specs;
    }

    /**
     * Writes the feature job's configuration, for the JobManager to read.
     *
     * @param project part of every key in the store
     * @param source whose views are computed
     * @param parallelism of the job
     * @param injections errors made on purpose: {@code drop}, {@code duplicate}
     */
    public Path featureJobConfig(String project, String source, int parallelism, Map<String, String> injections) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("project", project);
        values.put("source", source);
        values.put("clock", "story");
        values.put("kafka", kafka());
        values.put("redis", redisClient());
        values.put("warehouse", warehouseFile());
        values.put(
                "checkpoint",
                Map.of("interval", "2s", "directory", run.checkpoints().toUri().toString()));
        values.put("parallelism", parallelism);
        values.put("inject", injections);
        return configs.write("feature-job", values);
    }

    /** The jar that is submitted; what it needs is on Flink's class path already. */
    public Path featureJobJar() {
        return checkout.jar(FLINK_MODULE);
    }

    /** Where the raw tables are. */
    public WarehouseConfig warehouse() {
        return new WarehouseConfig(
                run.warehouse(), "jdbc:sqlite:" + run.warehouse().resolve("catalog.db"));
    }

    /** The model server; it serves what is in the registry's folder. */
    public ProcessSpec modelServer() {
        var config = configs.write(
                MODEL_SERVER,
                Map.of(
                        "listen", listen(endpoints.modelServer()),
                        "registry", run.models().toString(),
                        "ops", ops(endpoints.modelServerOps())));
        JavaCommand java = new JavaCommand(
                checkout, "inference-sidecar/model-server", "dev.tidewheel.modelserver.ModelServer", 256, List.of());
        return service(MODEL_SERVER, java, List.of("--config", config.toString()), endpoints.modelServerOps());
    }

    /**
     * The sidecar before a model.
     *
     * @param project part of every key in the store
     * @param injections errors made on purpose: {@code boundary}, {@code stale}
     */
    public ProcessSpec sidecar(String project, String model, Map<String, String> injections) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("project", project);
        values.put("clock", "story");
        values.put("kafka", kafka());
        values.put("redis", redisClient());
        values.put("listen", listen(endpoints.sidecar()));
        values.put(
                "modelServer",
                Map.of("uri", Endpoints.http(endpoints.modelServer(), "").toString(), "deadline", "5s"));
        values.put("model", model);
        values.put("ops", ops(endpoints.sidecarOps()));
        // Whoever got an answer finds it in the log: the books of a replay that loses a sidecar still balance.
        values.put("log", Map.of("acknowledge", true));
        if (!injections.isEmpty()) {
            values.put("inject", injections);
        }
        var config = configs.write(SIDECAR, values);
        JavaCommand java =
                new JavaCommand(checkout, "inference-sidecar/sidecar", "dev.tidewheel.sidecar.Sidecar", 384, List.of());
        return service(SIDECAR, java, List.of("--config", config.toString()), endpoints.sidecarOps());
    }

    /**
     * The trainer, which ends by itself.
     *
     * @param name of the process
     * @param config its configuration
     */
    public ProcessSpec trainer(String name, Map<String, Object> config) {
        var file = configs.write(name, config);
        JavaCommand java = new JavaCommand(checkout, "trainer", "dev.tidewheel.trainer.Trainer", 768, List.of());
        return new ProcessSpec(
                name,
                java.line(name, List.of("--config", file.toString())),
                java.environment(),
                Optional::empty,
                START_DEADLINE,
                STOP_GRACE);
    }

    /** The warehouse, as configuration files write it. */
    public Map<String, Object> warehouseFile() {
        return Map.of(
                "path", warehouse().path().toString(), "catalog", warehouse().catalog());
    }

    /** Kafka, as configuration files write it. */
    public Map<String, Object> kafka() {
        return Map.of("bootstrap", endpoints.bootstrap());
    }

    private Map<String, Object> redisClient() {
        return Map.of("uri", endpoints.redis().toString(), "deadline", "2s");
    }

    private static Map<String, Object> listen(int port) {
        return Map.of("host", HOST, "port", port);
    }

    /** Kafka alone: enough to read what a run has left. */
    public ProcessSpec broker() {
        var config = configs.write(
                BROKER,
                Map.of(
                        "directory", run.kafka().toString(),
                        "host", HOST,
                        "port", endpoints.kafka(),
                        "controllerPort", endpoints.kafkaController(),
                        "ops", ops(endpoints.kafkaOps())));
        JavaCommand java = new JavaCommand(checkout, "workbench", BrokerMain.class.getName(), 448, List.of());
        return service(BROKER, java, List.of("--config", config.toString()), endpoints.kafkaOps());
    }

    private ProcessSpec redis() throws InterruptedException {
        int port = endpoints.redis().getPort();
        String binary = RedisBinary.find(run.redis());
        String config = new RedisFiles(run, HOST, port).write().toString();
        return new ProcessSpec(
                REDIS, List.of(binary, config), Map.of(), new RedisReadiness(HOST, port), START_DEADLINE, STOP_GRACE);
    }

    private List<ProcessSpec> flink(int slots) {
        FlinkFiles files = new FlinkFiles(
                run,
                HOST,
                endpoints.flinkRpc(),
                endpoints.flinkRest(),
                endpoints.jobManagerMetrics(),
                endpoints.taskManagerMetrics(),
                slots);
        URI overview = Endpoints.http(endpoints.flinkRest(), "/overview");
        String entry = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
        String runner = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";
        return List.of(
                flink(JOB_MANAGER, entry, 448, files.jobManager().toString(), new HttpReadiness(http, overview)),
                flink(
                        TASK_MANAGER,
                        runner,
                        FlinkFiles.TASK_MANAGER_HEAP_MEGABYTES,
                        files.taskManager().toString(),
                        new HttpReadiness(http, overview, body -> !body.contains("\"slots-total\":0"))));
    }

    private ProcessSpec flink(String name, String main, int heap, String configDir, Readiness readiness) {
        JavaCommand java = new JavaCommand(checkout, FLINK_MODULE, main, heap, FLINK_OPTIONS);
        return new ProcessSpec(
                name,
                java.line(name, List.of("--configDir", configDir)),
                java.environment(),
                readiness,
                START_DEADLINE,
                STOP_GRACE);
    }

    private ProcessSpec service(String name, JavaCommand java, List<String> arguments, int opsPort) {
        return new ProcessSpec(
                name,
                java.line(name, arguments),
                java.environment(),
                new HttpReadiness(http, Endpoints.http(opsPort, "/health/ready")),
                START_DEADLINE,
                STOP_GRACE);
    }

    private static Map<String, Object> ops(int port) {
        return Map.of("host", HOST, "port", port);
    }
}
