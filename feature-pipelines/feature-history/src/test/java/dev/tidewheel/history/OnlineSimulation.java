package dev.tidewheel.history;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.history.books.DeadLetters;
import dev.tidewheel.history.parity.JudgedService;
import dev.tidewheel.history.parity.Parity;
import dev.tidewheel.history.parity.ParityReport;
import dev.tidewheel.history.parity.ParitySettings;
import dev.tidewheel.history.served.FrontierIndex;
import dev.tidewheel.history.served.ServedVector;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.records.ViewCut;
import dev.tidewheel.records.ViewLineage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The way of the data in one thread: topic, job with flushes and frontiers, store, sidecar and log, with faults. */
public final class OnlineSimulation {
    public static final int PARTITIONS = 4;
    public static final String HASH = "sha256:service";

    /** What goes wrong. */
    public enum Fault {
        NONE,
        /** The job loses changes. */
        DROP,
        /** The job counts changes twice. */
        DUPLICATE,
        /** The sidecar reads up to and including t. */
        BOUNDARY,
        /** The job is an hour behind. */
        STALE,
        /** The job finds the memory of some changes' time freed, and refuses them with a dead letter. */
        FREED
    }

    public final ServicePlan service = Flights.service();
    public final List<Inference> log = new ArrayList<>();
    public final List<Frontier> frontiers = new ArrayList<>();
    public final List<Row> topic;
    public final int[] partitions;
    public final long[] offsets;
    public final List<DeadLetter> deadLetters = new ArrayList<>();
    private final Random random;
    private final Fault fault;
    private final Map<String, KeyState> store = new HashMap<>();
    private final Map<String, Long> flushOf = new HashMap<>();
    private final Set<String> dirty = new HashSet<>();
    private final Map<String, Set<EventId>> counted = new HashMap<>();
    private final long[] next = new long[PARTITIONS];
    private int consumed;
    private long flush;

    public OnlineSimulation(Random random, int flights, Fault fault) {
        this.random = random;
        this.fault = fault;
        this.topic = Flights.randomRows(random, flights);
        this.partitions = new int[topic.size()];
        this.offsets = new long[topic.size()];
        long[] ends = new long[PARTITIONS];
        for (int i = 0; i < partitions.length; i++) {
            partitions[i] = random.nextInt(PARTITIONS);
            offsets[i] = ends[partitions[i]]++;
        }
    }

    /** Asks that many questions, in the order of time, most of them at the very minute of a departure. */
    public OnlineSimulation ask(int questions) {
        long[] times = random.longs(questions, 0, topic.size())
                .map(place -> topic.get((int) place).getLong(1))
                .sorted()
                .toArray();
        for (int i = 0; i < questions; i++) {
            long t = times[i];
            consume(fault == Fault.STALE ? t - Flights.HOUR : t);
            Row event = topic.get(random.nextInt(topic.size()));
            log.add(serve("r" + i, t, event));
        }
        return this;
    }

    /** The raw table, as far as it is committed. */
    public ChangeHistory raw(int records) {
        ChangeHistory.Builder builder = new ChangeHistory.Builder(Flights.COLUMNS, new Origin.Memory("raw"), "flights");
        for (int i = 0; i < records; i++) {
            Flights.add(builder, topic.get(i), partitions[i], offsets[i]);
        }
        return builder.build();
    }

    /** As after the flights of an airport were erased. */
    public ChangeHistory rawWithout(String origin) {
        ChangeHistory.Builder builder = new ChangeHistory.Builder(Flights.COLUMNS, new Origin.Memory("raw"), "flights");
        for (int i = 0; i < topic.size(); i++) {
            Row row = topic.get(i);
            if (origin.equals(row.getString(3))) {
                builder.append(new Row(Flights.SCHEMA.size()));
                builder.erased(partitions[i], offsets[i], row.getLong(2));
            } else {
                Flights.add(builder, row, partitions[i], offsets[i]);
            }
        }
        return builder.build();
    }

    public ParityReport judge() throws InterruptedException {
        return judge(raw(topic.size()));
    }

    public ParityReport judge(ChangeHistory raw) throws InterruptedException {
        return judge(List.of(HASH), raw);
    }

    /** Judges also vectors of a version of the service that is the same but for its hash. */
    public ParityReport judge(String pinned) throws InterruptedException {
        return judge(List.of(HASH, pinned), raw(topic.size()));
    }

    private ParityReport judge(List<String> hashes, ChangeHistory raw) throws InterruptedException {
        ParitySettings settings = new ParitySettings(Duration.ofSeconds(2), 5, 2);
        DeadLetters letters = new DeadLetters();
        deadLetters.forEach(letters::add);
        List<JudgedService> services = hashes.stream()
                .map(hash -> new JudgedService(service, hash, Flights.views(raw)))
                .toList();
        try (Parity parity = new Parity(services, index(), letters, settings)) {
            for (Inference inference : log) {
                parity.add(inference);
            }
            return parity.result();
        }
    }

    /** Everything that is still to come. */
    public OnlineSimulation finish() {
        consume(Long.MAX_VALUE);
        return this;
    }

    /** The frontiers by flush. */
    public FrontierIndex index() {
        FrontierIndex index = new FrontierIndex();
        frontiers.forEach(index::add);
        return index;
    }

    /** The states of a view by entity. */
    public Map<String, KeyState> states(String view) {
        Map<String, KeyState> states = new HashMap<>();
        store.forEach((key, state) -> {
            if (key.startsWith(view + "|")) {
                states.put(key.substring(view.length() + 1).replace("\\|", "|"), state);
            }
        });
        return states;
    }

    private void consume(long knownThrough) {
        while (consumed < topic.size() && topic.get(consumed).getLong(2) <= knownThrough) {
            Row row = topic.get(consumed);
            Change change = new Change(false, EventId.of(row.getLong(0)), row.getLong(1), row.getLong(2), row);
            boolean isHit = random.nextInt(200) == 0;
            if (fault == Fault.FREED && isHit) {
                free();
            } else if (fault != Fault.DROP || !isHit) {
                route(change, false);
            }
            if (fault == Fault.DUPLICATE && random.nextInt(200) == 0) {
                route(change, true);
            }
            next[partitions[consumed]] = offsets[consumed] + 1;
            consumed++;
            if (random.nextInt(10) == 0) {
                flush();
            }
        }
        flush();
    }

    private void route(Change change, boolean forgetId) {
        for (ViewRead read : service.reads()) {
            String key = stored(read, read.view().entityKey(change.row()).orElseThrow());
            KeyState state = store.computeIfAbsent(key, unseen -> new KeyState(read.view()));
            boolean first =
                    counted.computeIfAbsent(key, unseen -> new HashSet<>()).add(change.id());
            Disposition disposition = state.route(change, !first && !forgetId);
            if (disposition == Disposition.LATE || disposition == Disposition.REJECTED) {
                deadLetters.add(letter(read, disposition));
            }
            if (change.isLate(Flights.DAY)) {
                counted.get(key).remove(change.id());
            }
            if (state.shouldFold()) {
                state.fold();
            }
            dirty.add(key);
        }
    }

    /** Every keyed stage finds the same. */
    private void free() {
        for (ViewRead read : service.reads()) {
            deadLetters.add(DeadLetter.newBuilder(letter(read, Disposition.REJECTED))
                    .setStage("dedupe/" + String.join("+", read.view().spec().entity()))
                    .setView(null)
                    .setReason(DeadLetterReason.STATE_FREED)
                    .build());
        }
    }

    private void flush() {
        if (dirty.isEmpty()) {
            return;
        }
        flush++;
        frontiers.add(frontier(FrontierPhase.ANNOUNCED));
        dirty.forEach(key -> flushOf.put(key, flush));
        dirty.clear();
        frontiers.add(frontier(FrontierPhase.ACKNOWLEDGED));
    }

    private Frontier frontier(FrontierPhase phase) {
        List<PartitionFrontier> contained = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            contained.add(new PartitionFrontier("flights", partition, next[partition]));
        }
        return Frontier.newBuilder()
                .setJob("flights")
                .setStage("all")
                .setViews(List.of(new ViewLineage("origin_delays", 1L), new ViewLineage("route_delays", 1L)))
                .setAttempt(77)
                .setSubtask(0)
                .setParallelism(1)
                .setFirstKeyGroup(0)
                .setLastKeyGroup(127)
                .setFlush(flush)
                .setPhase(phase)
                .setPartitions(contained)
                .build();
    }

    private DeadLetter letter(ViewRead read, Disposition disposition) {
        return DeadLetter.newBuilder()
                .setTopic("flights")
                .setPartition(partitions[consumed])
                .setOffset(offsets[consumed])
                .setTimestamp(0)
                .setStage("view")
                .setView(read.view().spec().name())
                .setReason(disposition == Disposition.LATE ? DeadLetterReason.LATE : DeadLetterReason.EXPRESSION_ERROR)
                .setDetail("")
                .build();
    }

    private Inference serve(String request, long t, Row event) {
        List<FeatureValues> values = new ArrayList<>();
        List<ViewCut> cuts = new ArrayList<>();
        for (ViewRead read : service.reads()) {
            String key = stored(read, read.view().entityKey(event).orElseThrow());
            KeyState state = store.get(key);
            values.add(state == null ? KeyState.absent(read.view()) : state.read(fault == Fault.BOUNDARY ? t + 1 : t));
            String view = read.view().spec().name();
            cuts.add(
                    state == null
                            ? new ViewCut(view, 1L, 0L, 0, 0L, 0L, 0L)
                            : new ViewCut(view, 1L, 77L, 0, flushOf.get(key), 0L, 0L));
        }
        Row asked = new Row(2).setLong(0, event.getLong(5)).setLong(1, Math.floorMod(t / Flights.HOUR, 24L));
        return inference(request, t, event, cuts, service.assemble(asked, values));
    }

    /** What would have been logged for a row if its keys had not been found. */
    public Inference absent(Inference served) {
        List<FeatureValues> values = service.reads().stream()
                .map(read -> KeyState.absent(read.view()))
                .toList();
        List<ViewCut> cuts = served.getCuts().stream()
                .map(cut -> new ViewCut(cut.getView(), 1L, 0L, 0, 0L, 0L, 0L))
                .toList();
        Row asked = ServedVector.decode(served, service).request(service);
        Row event = new Row(Flights.SCHEMA.size())
                .setString(3, served.getEntityKeys().get(0))
                .setString(4, served.getEntityKeys().get(1));
        return inference(served.getRequestId(), served.getT(), event, cuts, service.assemble(asked, values));
    }

    private Inference inference(String request, long t, Row event, List<ViewCut> cuts, FeatureValues vector) {
        List<Double> numbers = new ArrayList<>();
        List<Long> integers = new ArrayList<>();
        List<String> strings = new ArrayList<>();
        byte[] nulls = new byte[(vector.row().size() + 7) / 8];
        for (int slot = 0; slot < vector.row().size(); slot++) {
            Column column = service.columns().column(slot);
            boolean isNull = vector.row().isNull(slot);
            nulls[slot / 8] |= (byte) (isNull ? 1 << slot % 8 : 0);
            switch (column.type()) {
                case FLOAT64 -> numbers.add(isNull ? 0 : vector.row().getDouble(slot));
                case STRING -> strings.add(isNull ? "" : vector.row().getString(slot));
                default -> integers.add(isNull ? 0 : vector.row().getLong(slot));
            }
        }
        return Inference.newBuilder()
                .setT(t)
                .setRequestId(request)
                .setRow(0)
                .setArm("champion")
                .setModel("late-arrival")
                .setModelVersion("1")
                .setArtifactDigest("sha256:model")
                .setService("departure")
                .setServiceHash(HASH)
                .setConfigHash("sha256:config")
                .setEntityNames(List.of("origin", "destination"))
                .setEntityKeys(List.of(event.getString(3), event.getString(4)))
                .setNumbers(numbers)
                .setIntegers(integers)
                .setStrings(strings)
                .setNulls(ByteBuffer.wrap(nulls))
                .setStatuses(ByteBuffer.wrap(Arrays.copyOf(vector.statuses(), vector.statuses().length)))
                .setCuts(cuts)
                .setPrediction(List.of(0.5))
                .setStatus(InferenceStatus.OK)
                .setAdmittedAt(t)
                .setFeatureMicros(1)
                .setModelMicros(1)
                .setTotalMicros(2)
                .build();
    }

    private static String stored(ViewRead read, String key) {
        return EntityKeys.join(List.of(read.view().spec().name(), key));
    }
}
