package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.Killer.Death;
import dev.tidewheel.jobs.Killer.Victim;
import dev.tidewheel.jobs.TestFlights.Flight;
import dev.tidewheel.jobs.tile.LiveConnector;
import dev.tidewheel.jobs.tile.Step;
import dev.tidewheel.runtime.await.Await;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisServerFixture;
import dev.tidewheel.store.redis.RedisStoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.iceberg.events.CreateSnapshotEvent;
import org.apache.iceberg.events.Listeners;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real Kafka, Redis, Flink and Iceberg; tasks, Redis and the broker die at named steps of the writer. After each death the
 * job comes to rest, and every key of every view equals the oracle; all the time no version decreases. Every step has its
 * deaths. {@code -Dkill.deaths=N} and {@code -Dkill.seed=S}: see docs/proofs.md.
 */
class StepKillTest {
    private static final int DEATHS = Integer.getInteger("kill.deaths", 2 * Step.values().length);
    /** The same orders in every build: how the machine fills the time between them differs enough. */
    private static final long SEED = Long.getLong("kill.seed", 1);

    private static final int PARALLELISM = 2;
    private static final int CHUNK = 4;
    private static final int MOST_CHUNKS = 300;
    private static final String SOURCE = "killed";
    private static final List<String> STAGES = List.of("origin", "origin+destination");

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(PARALLELISM)
            .build());

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private final Killer killer = new Killer(REDIS::kill);
    private final List<Flight> flights = recent(TestFlights.random(SEED, (DEATHS + 1) * MOST_CHUNKS));
    private int sent;

    @BeforeAll
    static void prepare() {
        KAFKA.createOwnTopics();
    }

    @Test
    void whatDiesAtAnyStepLeavesEveryKeyRight() throws Exception {
        System.out.println("StepKillTest: -Dkill.seed=" + SEED + " -Dkill.deaths=" + DEATHS);
        Listeners.register(event -> killer.reached(Step.AFTER_RAW_COMMIT), CreateSnapshotEvent.class);
        JobWorld world = new JobWorld(KAFKA, REDIS, folder, SOURCE, StateBackend.HASHMAP, PARALLELISM);
        JobClient job = start(world);
        try (FrontierFollower frontiers = world.frontiers();
                VersionWatch watch = new VersionWatch(REDIS.uri(), SOURCE, keys(flights));
                RedisFeatureStore store =
                        new RedisFeatureStore(new RedisStoreConfig(REDIS.uri(), SOURCE, Duration.ofSeconds(5)))) {
            for (List<Death> orders : schedule()) {
                awaitSomethingToRestore();
                long newerThan = kill(world, orders);
                System.out.println(orders + ": waiting for attempts newer than " + newerThan);
                frontiers.await(STAGES, PARALLELISM, world.sent(), newerThan);
                assertStoreEqualsOracle(store, orders);
                assertThat(watch.violation()).as("%s, seed %d", orders, SEED).isNull();
            }
            assertThat(watch.looks()).as("looks at the versions").isGreaterThan(DEATHS);
            Await.until(
                    "all rows in the raw table, once",
                    () -> world.rawPositions().equals(world.sentPositions()));
        } finally {
            job.cancel().get();
            Await.until("the job's end", () -> job.getJobStatus().join() == JobStatus.CANCELED);
        }
        System.out.println("StepKillTest: seed " + SEED + "\n" + killer.histogram());
        for (Step step : Step.values()) {
            assertThat(killer.deaths(step))
                    .as("deaths at %s: a step where nobody dies is not tested", step)
                    .isPositive();
        }
    }

    /** Until every subtask knows of a checkpoint: a job that begins anew has no state to refill a lost Redis from. */
    private void awaitSomethingToRestore() {
        int known = killer.reachedSoFar(Step.AFTER_CHECKPOINT);
        int twoOfAll = known + 2 * STAGES.size() * PARALLELISM;
        Await.until("a checkpoint", () -> killer.reachedSoFar(Step.AFTER_CHECKPOINT) >= twoOfAll);
    }

    /** Every step in turn, in a new order each round. Who is waited for a refill has lost Redis before. */
    private List<List<Death>> schedule() {
        List<List<Death>> schedule = new ArrayList<>();
        List<Step> steps = new ArrayList<>(Arrays.asList(Step.values()));
        while (schedule.size() < DEATHS) {
            Collections.shuffle(steps, random);
            for (Step step : steps) {
                schedule.add(orders(step));
            }
        }
        return schedule.subList(0, DEATHS);
    }

    private List<Death> orders(Step step) {
        Step first = List.of(Step.AFTER_WRITE, Step.AFTER_ANNOUNCEMENT, Step.AFTER_BARRIER, Step.AFTER_SNAPSHOT)
                .get(random.nextInt(4));
        return switch (step) {
            case BEFORE_REFILL, DURING_REFILL ->
                List.of(new Death(Victim.REDIS, first, 1), new Death(Victim.TASK, step, 1 + random.nextInt(2)));
            case AFTER_START ->
                List.of(
                        new Death(Victim.TASK, first, 1),
                        new Death(victim(), step, 1 + random.nextInt(2 * PARALLELISM)));
            default -> List.of(new Death(victim(), step, 1 + random.nextInt(4)));
        };
    }

    private Victim victim() {
        int dice = random.nextInt(10);
        return dice == 0 ? Victim.BROKER : dice < 3 ? Victim.REDIS : Victim.TASK;
    }

    /**
     * Sends flights until all have died, and has come back what does not come by itself.
     *
     * @return the number that the attempts of all that begin anew are greater than
     */
    private long kill(JobWorld world, List<Death> orders) throws Exception {
        killer.order(orders);
        boolean redis = orders.stream().anyMatch(death -> death.victim() == Victim.REDIS);
        for (int chunk = 0; !killer.awaitDone(30); chunk++) {
            assertThat(chunk)
                    .as("%s does not happen, seed %d%n%s", orders, SEED, killer.histogram())
                    .isLessThan(MOST_CHUNKS);
            send(world);
            if (redis && !REDIS.isRunning()) {
                REDIS.start();
            }
        }
        if (redis && !REDIS.isRunning()) {
            REDIS.start();
        }
        Victim last = orders.get(orders.size() - 1).victim();
        if (last == Victim.BROKER) {
            KAFKA.stop();
            KAFKA.start();
        }
        send(world);
        return last == Victim.BROKER ? 0 : killer.lastMillis() << 20;
    }

    private void send(JobWorld world) throws Exception {
        world.send(flights.subList(sent, sent + CHUNK));
        sent += CHUNK;
    }

    private JobClient start(JobWorld world) throws Exception {
        FeatureJobConfig config = world.config();
        Configuration settings = JobSettings.of(config);
        // So many deaths in so short a time are no sign of anything here.
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        LiveConnector live = new LiveConnector(
                config.kafka(), config.redis(), config.project(), config.flush().deadline());
        new FeatureTopology(environment, config, TestFlights.job(SOURCE), new KillingConnector(live, killer)).build();
        return environment.executeAsync();
    }

    private void assertStoreEqualsOracle(RedisFeatureStore store, List<Death> orders) {
        List<Flight> all = flights.subList(0, sent);
        assertViewEqualsOracle(store, TestFlights.originPlan(), byKey(all, Flight::origin), orders);
        assertViewEqualsOracle(store, TestFlights.routePlan(), byKey(all, Flight::route), orders);
    }

    private static void assertViewEqualsOracle(
            RedisFeatureStore store, ViewPlan plan, Map<String, List<Change>> changes, List<Death> orders) {
        long end = changes.values().stream()
                .flatMap(List::stream)
                .mapToLong(Change::knownTime)
                .max()
                .orElseThrow();
        List<String> keys = List.copyOf(changes.keySet());
        List<StoredState> states = store.read(
                        keys.stream().map(key -> key(plan, key)).toList())
                .toCompletableFuture()
                .join();
        for (int i = 0; i < keys.size(); i++) {
            String where = plan.spec().name() + " of " + keys.get(i) + " after " + orders + ", seed " + SEED;
            List<Change> ofKey = changes.get(keys.get(i));
            assertThat(states.get(i)).as(where).isNotNull();
            KeyState state =
                    KeyState.decode(plan, states.get(i).base(), states.get(i).head());
            assertThat(state.version().routed()).as(where).isEqualTo(ofKey.size());
            NaiveOracle oracle = new NaiveOracle(plan, ofKey);
            for (long t : new long[] {end, end + 3_600_000}) {
                assertThat(state.read(t).row())
                        .as("%s at %d", where, t)
                        .isEqualTo(oracle.valuesAt(t).row());
            }
        }
    }

    private static Map<String, List<Change>> byKey(List<Flight> flights, Function<Flight, String> key) {
        return flights.stream()
                .collect(Collectors.groupingBy(
                        key, LinkedHashMap::new, Collectors.mapping(Flight::change, Collectors.toList())));
    }

    /** Without copies of what is so old that nobody knows any more whether it is a copy: they are refused, not counted. */
    private static List<Flight> recent(List<Flight> flights) {
        List<Flight> recent = new ArrayList<>();
        long newest = Long.MIN_VALUE;
        for (Flight flight : flights) {
            newest = Math.max(newest, flight.landing());
            if (flight.landing() > newest - TestFlights.HORIZON / 4) {
                recent.add(flight);
            }
        }
        return recent;
    }

    private static List<ViewKey> keys(List<Flight> flights) {
        List<ViewKey> keys = new ArrayList<>();
        byKey(flights, Flight::origin).keySet().forEach(key -> keys.add(key(TestFlights.originPlan(), key)));
        byKey(flights, Flight::route).keySet().forEach(key -> keys.add(key(TestFlights.routePlan(), key)));
        return keys;
    }

    private static ViewKey key(ViewPlan plan, String entity) {
        return new ViewKey(plan.spec().name(), TestFlights.LINEAGE, entity);
    }
}
