package dev.tidewheel.workbench.stack;

import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.workbench.broker.BrokerMain;
import dev.tidewheel.workbench.stack.JavaCommand.Main;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The platform on one machine: how each of its processes is started. The same mains as in production, with the same
 * typed configuration; only Kafka and Flink are brought along, because one machine has no cluster. Model server and
 * sidecar share a JVM, and so do lifecycle and cluster agent: seven processes stay up, the workbench included, and a
 * trainer comes and goes.
 *
 * <p>Heaps and native parts sum to at most 6 GB: workbench 1,152 MB, broker 576 MB, Redis 384 MB, JobManager 704 MB,
 * TaskManager 1,728 MB, serving 640 MB, control 448 MB, trainer 512 MB while it runs.
 */
public final class OneMachine {
    /** Names of children, in the order of their start. */
    public static final String BROKER = "broker";

    public static final String REDIS = "redis";
    public static final String JOB_MANAGER = "jobmanager";
    public static final String TASK_MANAGER = "taskmanager";
    /** Model server and sidecar. */
    public static final String SERVING = "serving";
    /** Lifecycle and cluster agent. */
    public static final String CONTROL = "control";

    /** Names of Flink jobs, of their configuration and of the folders of their checkpoints. */
    static final String FEATURE_JOB = "feature-job";

    static final String MONITORING_JOB = "monitoring-job";

    /** The lifecycle's consumer group. */
    public static final String LIFECYCLE_GROUP = "tidewheel-lifecycle";

    private static final String HOST = Endpoints.HOST;
    private static final Duration START_DEADLINE = Duration.ofSeconds(90);
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);
    private static final List<String> FLINK_OPTIONS = List.of(
            "-XX:MaxMetaspaceSize=256m",
            "-XX:MaxDirectMemorySize=320m",
            // Flink's DataStream V2 reaches into a JDK map, whether or not it is used.
            "--add-opens=java.base/java.util=ALL-UNNAMED");
    private static final String FEATURE_MODULE = "feature-pipelines/feature-jobs";
    private static final String MONITORING_MODULE = "drift-jobs/monitoring-jobs";
    private static final String LIFECYCLE_MODULE = "flink-deploy/lifecycle";
    private static final String TRAINER = "dev.tidewheel.trainer.Trainer";

    private final Checkout checkout;
    private final RunDirectory run;
    private final Endpoints endpoints;
    private final boolean ownRedis;
    private final ServiceConfigs configs;
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
        this.configs = new ServiceConfigs(checkout, run, endpoints, new ConfigFiles(run.config()));
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
     * The job that computes features.
     *
     * @param project part of every key in the store
     * @param source whose views are computed
     * @param parallelism of the job
     * @param injections errors made on purpose: {@code drop}, {@code duplicate}
     */
    public JobSpec featureJob(String project, String source, int parallelism, Map<String, String> injections) {
        return new JobSpec(
                "features-" + source,
                "dev.tidewheel.jobs.FeatureJob",
                checkout.jar(FEATURE_MODULE),
                configs.featureJob(project, source, parallelism, injections),
                run.checkpoints(FEATURE_JOB),
                parallelism);
    }

    /**
     * The job that watches what is served.
     *
     * @param progress story time between two looks at whether windows are complete
     */
    public JobSpec monitoringJob(String project, int parallelism, Duration progress) {
        return new JobSpec(
                "monitoring",
                "dev.tidewheel.monitoring.MonitoringJob",
                checkout.jar(MONITORING_MODULE),
                configs.monitoringJob(project, parallelism, progress),
                run.checkpoints(MONITORING_JOB),
                parallelism);
    }

    /** Where the raw tables are. */
    public WarehouseConfig warehouse() {
        return configs.tables();
    }

    /**
     * The model server, which serves what is in the registry's folder, and the sidecar before a model.
     *
     * @param project part of every key in the store
     * @param injections errors made on purpose: {@code boundary}, {@code stale}
     */
    public ProcessSpec serving(String project, String model, Map<String, String> injections) {
        List<Main> mains = List.of(
                Main.of("dev.tidewheel.modelserver.ModelServer", configs.modelServer()),
                Main.of("dev.tidewheel.sidecar.Sidecar", configs.sidecar(project, model, injections)));
        return service(
                SERVING,
                java(384, "inference-sidecar/model-server", "inference-sidecar/sidecar"),
                mains,
                endpoints.modelServerOps(),
                endpoints.sidecarOps());
    }

    /** The lifecycle, which decides, and the cluster agent, which makes it so. */
    public ProcessSpec control() {
        List<Main> mains = List.of(
                Main.of("dev.tidewheel.lifecycle.Lifecycle", configs.lifecycle(LIFECYCLE_GROUP)),
                Main.of("dev.tidewheel.agent.ClusterAgent", configs.agent(trainer())));
        return service(
                CONTROL,
                java(192, LIFECYCLE_MODULE, "flink-deploy/cluster-agent"),
                mains,
                endpoints.lifecycleOps(),
                endpoints.agentOps());
    }

    /**
     * The trainer, which ends by itself.
     *
     * @param name of the process
     * @param config its configuration
     */
    public ProcessSpec trainer(String name, Map<String, Object> config) {
        return once(name, trainer(), Main.of(TRAINER, configs.once(name, config)));
    }

    /**
     * A replay of the lifecycle's decisions, which ends by itself.
     *
     * @param bootstrap of the Kafka that holds them
     */
    public ProcessSpec lifecycleReplay(String bootstrap) {
        String name = "lifecycle-replay";
        Path config = configs.once(name, Map.of("kafka", Map.of("bootstrap", bootstrap)));
        return once(
                name, java(256, LIFECYCLE_MODULE), Main.of("dev.tidewheel.lifecycle.replay.LifecycleReplay", config));
    }

    /** The warehouse, as configuration files write it. */
    public Map<String, Object> warehouseFile() {
        return configs.warehouse();
    }

    /** Kafka, as configuration files write it. */
    public Map<String, Object> kafka() {
        return configs.kafka();
    }

    /** Kafka alone: enough to read what a run has left. */
    public ProcessSpec broker() {
        Main main = Main.of(BrokerMain.class.getName(), configs.broker());
        return service(BROKER, java(384, "workbench"), List.of(main), endpoints.kafkaOps());
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
                flink(JOB_MANAGER, entry, 448, files.jobManager(), new HttpReadiness(http, overview)),
                flink(
                        TASK_MANAGER,
                        runner,
                        FlinkFiles.TASK_MANAGER_HEAP_MEGABYTES,
                        files.taskManager(),
                        new HttpReadiness(http, overview, body -> !body.contains("\"slots-total\":0"))));
    }

    private ProcessSpec flink(String name, String main, int heap, Path configDir, Readiness readiness) {
        JavaCommand java = new JavaCommand(checkout, List.of(FEATURE_MODULE, MONITORING_MODULE), heap, FLINK_OPTIONS);
        Main line = new Main(main, List.of("--configDir", configDir.toString()));
        return new ProcessSpec(
                name, java.line(name, List.of(line)), java.environment(), readiness, START_DEADLINE, STOP_GRACE);
    }

    private ProcessSpec service(String name, JavaCommand java, List<Main> mains, int... opsPorts) {
        List<Readiness> parts = IntStream.of(opsPorts)
                .<Readiness>mapToObj(port -> new HttpReadiness(http, Endpoints.http(port, "/health/ready")))
                .toList();
        return new ProcessSpec(
                name, java.line(name, mains), java.environment(), Readiness.allOf(parts), START_DEADLINE, STOP_GRACE);
    }

    private ProcessSpec once(String name, JavaCommand java, Main main) {
        return new ProcessSpec(
                name, java.line(name, List.of(main)), java.environment(), Optional::empty, START_DEADLINE, STOP_GRACE);
    }

    private JavaCommand trainer() {
        return java(384, "trainer");
    }

    private JavaCommand java(int heapMegabytes, String... modules) {
        return new JavaCommand(checkout, List.of(modules), heapMegabytes, List.of());
    }
}
