package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.aggregate.Promise;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.oracle.Agreement;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.OnDemand;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.store.FeatureReader;
import dev.tidewheel.store.FeatureWriter;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisServerFixture;
import dev.tidewheel.store.redis.RedisStoreConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random programs written to a real Redis and served from it: several entities in one request, features that the service
 * selects, on-demand columns over both, keys that nobody has seen.
 */
class ProgramsServedTest {
    private static final int PROGRAMS = 25;

    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    private static final AtomicInteger PROJECTS = new AtomicInteger();
    private static final RowSchema REQUEST =
            new RowSchema(List.of(new Column("asked", ColumnType.INT64), new Column("why", ColumnType.STRING)));

    /** From harmless to grave. */
    private static final List<Status> GRAVITY = List.of(
            Status.OK,
            Status.NULL,
            Status.NOT_FOUND,
            Status.TRUNCATED,
            Status.OVERFLOW,
            Status.ERROR,
            Status.READ_POINT_PASSED,
            Status.UNAVAILABLE);

    @Test
    void everyServedVectorIsTheOracles() throws Exception {
        Programs.run(Kind.EVERYTHING, PROGRAMS, ProgramsServedTest::served);
    }

    private static Optional<String> served(RandomProgram program, Programs.Met met) throws Exception {
        String project = "p" + PROJECTS.incrementAndGet();
        for (List<String> entity : program.entities()) {
            new ProgramHarness(program, entity, new ToRedis(REDIS.uri().toString(), project), false).run();
        }
        try (RedisFeatureStore store = store(REDIS.uri().toString(), project)) {
            return new Questions(program, store, met).difference();
        }
    }

    private static RedisFeatureStore store(String redis, String project) {
        return new RedisFeatureStore(new RedisStoreConfig(URI.create(redis), project, Duration.ofSeconds(5)));
    }

    /** Requests to a service over all views of a program. */
    private static final class Questions {
        private final RandomProgram program;
        private final FeatureReader store;
        private final Programs.Met met;
        private final Random random;
        private final ServicePlan service;
        private final Map<ViewPlan, Map<String, List<Change>>> changes = new HashMap<>();

        Questions(RandomProgram program, FeatureReader store, Programs.Met met) {
            this.program = program;
            this.store = store;
            this.met = met;
            random = new Random(program.seed());
            service = service();
            service.reads()
                    .forEach(read -> changes.put(read.view(), RandomProgram.byKey(read.view(), program.arrivals())));
        }

        private ServicePlan service() {
            List<ViewRead> reads = new ArrayList<>();
            List<Column> selected = new ArrayList<>();
            for (ViewPlan plan : program.plans()) {
                int[] features = IntStream.range(0, plan.features().size())
                        .filter(feature -> feature == 0 || random.nextInt(4) != 0)
                        .toArray();
                reads.add(new ViewRead(plan, features, plan.spec().entity()));
                for (int feature : features) {
                    Column column = plan.features().column(feature);
                    // What is computed from a bound keeps none.
                    if (plan.promise(feature) != Promise.BOUNDED) {
                        selected.add(new Column(plan.spec().name() + "." + column.name(), column.type()));
                    }
                }
            }
            List<OnDemand> onDemand = new ArrayList<>();
            for (int i = 0; i < selected.size(); i++) {
                onDemand.add(new OnDemand("d" + i, expression(selected.get(i), selected)));
            }
            return ServicePlan.compile("random", REQUEST, reads, onDemand);
        }

        private String expression(Column column, List<Column> others) {
            List<String> same = others.stream()
                    .filter(other -> other.type() == column.type())
                    .map(Column::name)
                    .toList();
            String x = column.name();
            String y = same.get(random.nextInt(same.size()));
            return switch (column.type()) {
                case INT64 ->
                    List.of(x + " / asked", x + " * " + y, "coalesce(" + x + ", asked)")
                            .get(random.nextInt(3));
                case FLOAT64 ->
                    List.of(x + " - " + y, "double(asked) / " + x, x + " > " + y)
                            .get(random.nextInt(3));
                case BOOL -> x + " || asked > 3";
                case STRING, JSON ->
                    List.of(x + " + why", "size(" + x + ") + asked").get(random.nextInt(2));
                case TIMESTAMP -> "int(" + x + ") - int(" + y + ")";
            };
        }

        Optional<String> difference() {
            for (int question = 0; question < 12; question++) {
                Row entity = new Row(RandomProgram.source().size())
                        .setString(6, "k" + random.nextInt(6))
                        .setLong(7, random.nextInt(4));
                Row request = new Row(2);
                if (random.nextInt(4) != 0) {
                    request.setLong(0, random.nextInt(5)).setString(1, "because");
                }
                for (long t : program.moments()) {
                    FeatureValues expected = expected(entity, request, t);
                    FeatureValues actual = service.assemble(request, read(entity, t));
                    Optional<String> difference = compare(expected, actual);
                    if (difference.isPresent()) {
                        return Optional.of(entity + " asked at " + t + ": " + difference.get());
                    }
                    met.compared(actual);
                }
            }
            return Optional.empty();
        }

        private List<FeatureValues> read(Row entity, long t) {
            List<ViewKey> keys = service.reads().stream()
                    .map(read -> new ViewKey(read.view().spec().name(), StoredPrograms.LINEAGE, key(read, entity)))
                    .toList();
            List<StoredState> states = store.read(keys).toCompletableFuture().join();
            List<FeatureValues> values = new ArrayList<>();
            for (int view = 0; view < states.size(); view++) {
                StoredState state = states.get(view);
                ViewPlan plan = service.reads().get(view).view();
                values.add(
                        state == null
                                ? KeyState.absent(plan)
                                : KeyState.decode(plan, state.base(), state.head())
                                        .read(t));
            }
            return values;
        }

        private static String key(ViewRead read, Row entity) {
            return read.view().entityKey(entity).orElseThrow();
        }

        /** By the rules of the documentation, column by column. */
        private FeatureValues expected(Row entity, Row request, long t) {
            Row row = new Row(service.columns().size());
            byte[] statuses = new byte[row.size()];
            int slot = 0;
            for (; slot < request.size(); slot++) {
                put(request, slot, row, slot);
                statuses[slot] = (request.isNull(slot) ? Status.NULL : Status.OK).code();
            }
            for (ViewRead read : service.reads()) {
                FeatureValues values = oracle(read, entity, t);
                for (int feature : read.features()) {
                    put(values.row(), feature, row, slot);
                    statuses[slot++] = values.statuses()[feature];
                }
            }
            for (Expression expression : service.onDemand()) {
                Status status = expression.evaluate(row, row, slot);
                Status gravest = expression.columns().stream()
                        .map(column -> Status.of(statuses[column]))
                        .max(Comparator.comparingInt(GRAVITY::indexOf))
                        .orElse(Status.NULL);
                boolean inherits = status == Status.NULL && gravest != Status.OK;
                statuses[slot++] = (inherits ? gravest : status).code();
            }
            return new FeatureValues(row, statuses);
        }

        private FeatureValues oracle(ViewRead read, Row entity, long t) {
            List<Change> ofKey = changes.get(read.view()).get(key(read, entity));
            if (ofKey == null) {
                return NaiveOracle.absent(read.view());
            }
            FeatureValues stored = read(entity, t).get(service.reads().indexOf(read));
            boolean passed = stored.status(0) == Status.READ_POINT_PASSED;
            return passed ? stored : new NaiveOracle(read.view(), ofKey).valuesAt(t);
        }

        private static void put(Row from, int slot, Row to, int target) {
            String text = from.getString(slot);
            if (text != null) {
                to.setString(target, text);
            } else if (!from.isNull(slot)) {
                to.setLong(target, from.getLong(slot));
            }
        }

        private Optional<String> compare(FeatureValues expected, FeatureValues actual) {
            assertThat(actual.statuses()).hasSameSizeAs(expected.statuses());
            int slot = REQUEST.size();
            for (ViewRead read : service.reads()) {
                for (int feature : read.features()) {
                    if (!Agreement.holds(read.view(), feature, actual, expected, slot)) {
                        return different(slot, expected, actual);
                    }
                    slot++;
                }
            }
            for (; slot < expected.statuses().length; slot++) {
                if (!sameBits(expected, actual, slot)) {
                    return different(slot, expected, actual);
                }
            }
            return Optional.empty();
        }

        private static boolean sameBits(FeatureValues expected, FeatureValues actual, int slot) {
            return expected.statuses()[slot] == actual.statuses()[slot]
                    && expected.row().isNull(slot) == actual.row().isNull(slot)
                    && expected.row().getLong(slot) == actual.row().getLong(slot)
                    && Objects.equals(
                            expected.row().getString(slot), actual.row().getString(slot));
        }

        private Optional<String> different(int slot, FeatureValues expected, FeatureValues actual) {
            return Optional.of(service.columns().column(slot) + " is " + actual.row() + " with " + actual.status(slot)
                    + ", the oracle has " + expected.row() + " with " + expected.status(slot));
        }
    }

    /** Values go to Redis, frontiers nowhere. */
    private static final class ToRedis implements StageConnector {
        private static final long serialVersionUID = 1L;

        private final String redis;
        private final String project;

        ToRedis(String redis, String project) {
            this.redis = redis;
            this.project = project;
        }

        @Override
        public Connection open() {
            return new Open(store(redis, project));
        }

        private record Open(RedisFeatureStore store) implements Connection {
            @Override
            public FeatureWriter writer() {
                return store;
            }

            @Override
            public CompletionStage<String> storeIdentity() {
                return CompletableFuture.completedFuture("the only one");
            }

            @Override
            public CompletionStage<Void> publish(Frontier frontier) {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void close() {
                store.close();
            }
        }
    }
}
