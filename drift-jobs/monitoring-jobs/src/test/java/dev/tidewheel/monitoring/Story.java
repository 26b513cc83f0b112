package dev.tidewheel.monitoring;

import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.drift.profile.ProfileBuilder;
import dev.tidewheel.drift.profile.ProfileJson;
import dev.tidewheel.records.DefinedColumn;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.records.Label;
import dev.tidewheel.runtime.registry.ServingRecords;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * A model that is asked and labelled at random, from a seed: what monitoring is tested with. Version 1 has a profile,
 * version 2 has none. From the third day on the feature {@code delay} is another.
 */
public final class Story {
    public static final long DAY = Duration.ofDays(1).toMillis();
    public static final long HOUR = Duration.ofHours(1).toMillis();
    public static final long START = 11_000 * DAY;
    public static final String MODEL = "late";
    public static final String MONITOR = "late-daily";
    public static final String SERVICE_HASH = "sha256:service";
    public static final List<DefinedColumn> COLUMNS = List.of(
            new DefinedColumn("delay", "FLOAT64"),
            new DefinedColumn("flights", "INT64"),
            new DefinedColumn("carrier", "STRING"),
            new DefinedColumn("evening", "BOOL"));
    public static final String MONITOR_BODY = """
            apiVersion: tidewheel.dev/v1
            kind: Monitor
            metadata: {name: late-daily}
            spec:
              model: late
              window: 1d
              segments: [origin, carrier]
              topSegments: 2
              labels: {coverage: 0.9, deadline: 2d, revise: 6h}
              rules:
                - {name: drift, measure: psi, persistence: {k: 1, n: 1}}
                - {name: accuracy, measure: accuracy, threshold: 0.99, persistence: {k: 1, n: 1}}
                - {fixed: psi-0.3, severity: info}
            """;

    private static final String[] ORIGINS = {"ORD", "DFW", "ATL", "other-place"};
    private static final String[] CARRIERS = {"AA", "UA", "DL"};

    private final Random random;
    private int requests;

    public final List<Inference> inferences = new ArrayList<>();
    public final List<Label> labels = new ArrayList<>();

    public Story(long seed) {
        random = new Random(seed);
    }

    /** Some days of requests, in the order of time, with their labels, in the order in which they become known. */
    public Story days(int days, int rowsPerDay) {
        for (int i = 0; i < days * rowsPerDay; i++) {
            long t = START + i * DAY / rowsPerDay + random.nextInt(1_000);
            boolean shifted = t >= START + 2 * DAY;
            row(t, random.nextInt(10) == 0 ? "2" : "1", shifted);
        }
        inferences.sort(Comparator.comparingLong(Inference::getT));
        labels.sort(Comparator.comparingLong(Label::getKnownTime));
        return this;
    }

    private void row(long t, String version, boolean shifted) {
        String request = "r" + requests++;
        double probability = random.nextDouble();
        Inference row = inference(request, t, version, delay(shifted), random.nextInt(20), probability);
        inferences.add(row);
        if (random.nextInt(50) == 0) {
            return;
        }
        double value = random.nextDouble() < probability ? 1 : 0;
        long known = t + HOUR + (long) (random.nextDouble() * 30 * HOUR);
        labels.add(new Label(request, 0, MODEL, "late", value, known));
        if (random.nextInt(20) == 0) {
            labels.add(new Label(request, 0, MODEL, "late", 1 - value, known + random.nextInt((int) (10 * HOUR))));
        }
    }

    private double delay(boolean shifted) {
        return switch (random.nextInt(30)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            default -> random.nextGaussian() * 10 + (shifted ? 15 : 0);
        };
    }

    private Inference inference(
            String request, long t, String version, double delay, long flights, double probability) {
        boolean isNull = random.nextInt(25) == 0;
        boolean unavailable = random.nextInt(40) == 0;
        boolean failed = random.nextInt(60) == 0;
        String carrier = CARRIERS[random.nextInt(CARRIERS.length)];
        byte nulls = (byte) ((isNull || unavailable ? 1 : 0) | (random.nextInt(30) == 0 ? 4 : 0));
        return Inference.newBuilder()
                .setT(t)
                .setRequestId(request)
                .setRow(0)
                .setArm("champion")
                .setModel(MODEL)
                .setModelVersion(version)
                .setArtifactDigest("sha256:artifact")
                .setService("departure")
                .setServiceHash(SERVICE_HASH)
                .setConfigHash("sha256:config")
                .setEntityNames(List.of("origin"))
                .setEntityKeys(List.of(ORIGINS[random.nextInt(ORIGINS.length)]))
                .setNumbers(List.of((nulls & 1) == 0 ? delay : 0.0))
                .setIntegers(List.of(flights, (long) random.nextInt(2)))
                .setStrings(List.of((nulls & 4) == 0 ? carrier : ""))
                .setNulls(ByteBuffer.wrap(new byte[] {nulls}))
                .setStatuses(ByteBuffer.wrap(new byte[] {(byte) (unavailable ? 7 : isNull ? 1 : 0), 0, 0, 0}))
                .setCuts(List.of())
                .setPrediction(failed ? List.of() : List.of(probability))
                .setPredictionNames(failed ? List.of() : List.of("probability"))
                .setStatus(failed ? InferenceStatus.MODEL_ERROR : InferenceStatus.OK)
                .setError(null)
                .setAdmittedAt(t)
                .setFeatureMicros(100L)
                .setModelMicros(200L)
                .setServerMicros(null)
                .setTotalMicros(300 + random.nextInt(5_000))
                .build();
    }

    /** What the registry says: the monitor, the service, and the profile of version 1. */
    public static List<Definition> definitions() {
        return List.of(
                new Definition("Monitor", MONITOR, "sha256:monitor", MONITOR_BODY, 0L, List.of(), START),
                new Definition("FeatureService", "departure", SERVICE_HASH, "{}", 0L, COLUMNS, START),
                ServingRecords.profile(MODEL, "1", ProfileJson.write(profile()), START));
    }

    /** The reference of version 1: ten days that look like the first two. */
    public static Profile profile() {
        Random random = new Random(17);
        int rows = 4_000;
        long from = START - 10 * DAY;
        long[] times = new long[rows];
        double[] labels = new double[rows];
        double[] delay = new double[rows];
        double[] flights = new double[rows];
        double[] evening = new double[rows];
        double[] predictions = new double[rows];
        String[] origins = new String[rows];
        String[] carriers = new String[rows];
        for (int i = 0; i < rows; i++) {
            times[i] = from + i * (10 * DAY / rows);
            delay[i] = random.nextInt(20) == 0 ? Double.NaN : random.nextGaussian() * 10;
            flights[i] = random.nextInt(20);
            evening[i] = random.nextInt(2);
            predictions[i] = random.nextDouble();
            labels[i] = random.nextDouble() < predictions[i] ? 1 : 0;
            origins[i] = ORIGINS[random.nextInt(ORIGINS.length)];
            carriers[i] = CARRIERS[random.nextInt(CARRIERS.length)];
        }
        return new ProfileBuilder(MODEL, "1", "sha256:set", from, START, DAY, times, labels)
                .feature("delay", delay)
                .feature("flights", flights)
                .feature("evening", evening)
                .prediction(predictions)
                .segment("origin", origins, 10)
                .segment("carrier", carriers, 10)
                .build();
    }
}
