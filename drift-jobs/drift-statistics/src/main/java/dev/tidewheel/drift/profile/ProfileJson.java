package dev.tidewheel.drift.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.histogram.Edges;
import dev.tidewheel.drift.performance.PerformanceValues;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A profile as canonical JSON: keys sorted, no spaces, one form per number, so equal profiles have equal bytes. Counts are
 * arrays of their cells in the order of {@link Counts#cells}, one per start of a window; totals are their sums and are not
 * written.
 */
public final class ProfileJson {
    private static final int FORMAT = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ProfileJson() {}

    /** Canonical JSON of a profile. */
    public static String write(Profile profile) {
        Map<String, Object> json = new TreeMap<>();
        json.put("format", FORMAT);
        json.put("model", profile.model());
        json.put("version", profile.version());
        json.put("trainingSet", profile.trainingSet());
        json.put("from", profile.from());
        json.put("to", profile.to());
        json.put("rows", profile.rows());
        json.put("windowMillis", profile.windowMillis());
        List<Long> starts = List.copyOf(profile.label().windows().keySet());
        json.put("starts", starts);
        json.put(
                "features",
                profile.features().stream()
                        .map(feature -> feature(feature, starts))
                        .toList());
        profile.prediction().ifPresent(prediction -> json.put("prediction", feature(prediction, starts)));
        json.put("label", feature(profile.label(), starts));
        profile.performance().ifPresent(performance -> json.put("performance", performance(performance, starts)));
        json.put(
                "segments",
                profile.segments().stream().map(ProfileJson::segment).toList());
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("numbers and strings can always be written", impossible);
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Profile read(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json.path("format").asInt() != FORMAT) {
                throw new IllegalArgumentException(
                        "a profile of format " + json.path("format") + ", but this version reads " + FORMAT);
            }
            return profile(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no profile: " + e.getOriginalMessage(), e);
        }
    }

    /** {@code sha256:…} of a text's UTF-8. */
    static String digest(String json) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static Map<String, Object> feature(FeatureProfile feature, List<Long> starts) {
        Map<String, Object> json = new TreeMap<>();
        json.put("name", feature.name());
        json.put("edges", numbers(feature.edges().toArray()));
        json.put(
                "windows",
                starts.stream()
                        .map(start -> Optional.ofNullable(feature.windows().get(start))
                                .map(Counts::cells)
                                .orElse(new long[0]))
                        .toList());
        return json;
    }

    private static Map<String, Object> performance(PerformanceReference performance, List<Long> starts) {
        Map<String, Object> json = new TreeMap<>();
        json.put("total", values(performance.total()));
        json.put(
                "windows",
                starts.stream()
                        .map(start -> Optional.ofNullable(performance.windows().get(start))
                                .map(ProfileJson::values)
                                .orElse(List.of()))
                        .toList());
        return json;
    }

    private static List<@Nullable Object> values(PerformanceValues values) {
        return numbers(
                values.rows(),
                values.accuracy(),
                values.logLoss(),
                values.auc(),
                values.brier(),
                values.calibrationError(),
                values.labelShare());
    }

    private static Map<String, Object> segment(SegmentProfile segment) {
        Map<String, Object> json = new TreeMap<>();
        json.put("name", segment.name());
        json.put(
                "values",
                segment.top().stream().map(SegmentProfile.SegmentValue::value).toList());
        json.put(
                "rows",
                segment.top().stream().map(SegmentProfile.SegmentValue::rows).toList());
        json.put("other", segment.other());
        return json;
    }

    private static List<@Nullable Object> numbers(double... values) {
        List<@Nullable Object> numbers = new ArrayList<>();
        for (double value : values) {
            numbers.add(number(value));
        }
        return numbers;
    }

    /** The fewest digits that give the same double, by our own search: Java 19 prints some doubles otherwise than 17. */
    static @Nullable Object number(double value) {
        if (!Double.isFinite(value)) {
            return null;
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return (long) value;
        }
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < 17; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits));
            if (rounded.doubleValue() == value) {
                return rounded.stripTrailingZeros();
            }
        }
        return exact.round(new MathContext(17)).stripTrailingZeros();
    }

    private static Profile profile(JsonNode json) {
        long[] starts = longs(member(json, "starts"));
        List<FeatureProfile> features = new ArrayList<>();
        member(json, "features").forEach(feature -> features.add(feature(feature, starts)));
        List<SegmentProfile> segments = new ArrayList<>();
        member(json, "segments").forEach(segment -> segments.add(segment(segment)));
        return new Profile(
                member(json, "model").asText(),
                member(json, "version").asText(),
                member(json, "trainingSet").asText(),
                member(json, "from").asLong(),
                member(json, "to").asLong(),
                member(json, "rows").asLong(),
                member(json, "windowMillis").asLong(),
                features,
                Optional.ofNullable(json.get("prediction")).map(prediction -> feature(prediction, starts)),
                feature(member(json, "label"), starts),
                Optional.ofNullable(json.get("performance")).map(performance -> performance(performance, starts)),
                segments);
    }

    private static FeatureProfile feature(JsonNode json, long[] starts) {
        Edges edges = Edges.of(doubles(member(json, "edges")));
        TreeMap<Long, Counts> windows = new TreeMap<>();
        for (int window = 0; window < starts.length; window++) {
            long[] cells = longs(member(json, "windows").path(window));
            if (cells.length > 0) {
                windows.put(starts[window], Counts.of(edges, cells));
            }
        }
        return FeatureProfile.of(member(json, "name").asText(), edges, windows);
    }

    private static PerformanceReference performance(JsonNode json, long[] starts) {
        TreeMap<Long, PerformanceValues> windows = new TreeMap<>();
        for (int window = 0; window < starts.length; window++) {
            JsonNode values = member(json, "windows").path(window);
            if (!values.isEmpty()) {
                windows.put(starts[window], values(values));
            }
        }
        return new PerformanceReference(values(member(json, "total")), windows);
    }

    private static PerformanceValues values(JsonNode json) {
        double[] values = doubles(json);
        if (values.length != 7) {
            throw new IllegalArgumentException("a performance has 7 numbers, not " + Arrays.toString(values));
        }
        return new PerformanceValues(
                (long) values[0], values[1], values[2], values[3], values[4], values[5], values[6]);
    }

    private static SegmentProfile segment(JsonNode json) {
        List<SegmentProfile.SegmentValue> top = new ArrayList<>();
        long[] rows = longs(member(json, "rows"));
        for (int value = 0; value < rows.length; value++) {
            top.add(new SegmentProfile.SegmentValue(
                    member(json, "values").path(value).asText(), rows[value]));
        }
        return new SegmentProfile(
                member(json, "name").asText(), top, member(json, "other").asLong());
    }

    private static JsonNode member(JsonNode json, String name) {
        JsonNode member = json.get(name);
        if (member == null) {
            throw new IllegalArgumentException("no profile: '" + name + "' is missing");
        }
        return member;
    }

    private static long[] longs(JsonNode json) {
        long[] longs = new long[json.size()];
        Arrays.setAll(longs, item -> json.path(item).asLong());
        return longs;
    }

    private static double[] doubles(JsonNode json) {
        double[] doubles = new double[json.size()];
        Arrays.setAll(doubles, item -> json.path(item).asDouble(Double.NaN));
        return doubles;
    }
}
