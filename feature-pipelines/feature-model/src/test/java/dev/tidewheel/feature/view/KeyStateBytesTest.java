package dev.tidewheel.feature.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.window.Window;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stored bytes are read by later versions: what is pinned here changes only with the format byte. */
class KeyStateBytesTest {
    private static final long HOUR = 3_600_000;

    private static final List<Change> HISTORY = history();

    /** What is pinned. */
    enum Pinned {
        /** The first aggregates, in sliding windows. */
        AGGREGATES(KeyStateBytesTest::aggregates, "key-state-v1"),
        /** Every kind of window. */
        WINDOWS(KeyStateBytesTest::windows, "key-state-windows-v1");

        private final ViewPlan plan;
        private final String file;

        Pinned(Supplier<List<FeatureSpec>> features, String file) {
            this.plan = plan(features.get());
            this.file = file;
        }

        private KeyState state() {
            KeyState routed = new KeyState(plan);
            for (int i = 0; i < HISTORY.size(); i++) {
                routed.route(HISTORY.get(i), false);
                if (i == HISTORY.size() - 20) {
                    routed.fold();
                }
            }
            return routed;
        }

        private String golden(String half) throws IOException {
            String name = "/golden/" + file + "." + half + ".hex";
            try (InputStream in = Objects.requireNonNull(KeyStateBytesTest.class.getResourceAsStream(name), name)) {
                return new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", "");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theBaseIsPinned(Pinned pinned) throws IOException {
        assertThat(HexFormat.of().formatHex(pinned.state().encodeBase())).isEqualTo(pinned.golden("base"));
    }

    @ParameterizedTest
    @EnumSource
    void theHeadIsPinned(Pinned pinned) throws IOException {
        assertThat(HexFormat.of().formatHex(pinned.state().encodeHead())).isEqualTo(pinned.golden("head"));
    }

    @ParameterizedTest
    @EnumSource
    void thePinnedBytesGiveTheValuesOfTheHistory(Pinned pinned) throws IOException {
        HexFormat hex = HexFormat.of();
        KeyState stored =
                KeyState.decode(pinned.plan, hex.parseHex(pinned.golden("base")), hex.parseHex(pinned.golden("head")));
        long t = stored.foldedThrough() + 1_000;
        FeatureValues expected = new NaiveOracle(pinned.plan, HISTORY).valuesAt(t);
        assertThat(stored.read(t).row()).isEqualTo(expected.row());
        assertThat(stored.read(t).statuses()).isEqualTo(expected.statuses());
    }

    @ParameterizedTest
    @EnumSource
    void brokenBytesAreRefusedOrReadButNeverCrash(Pinned pinned) {
        byte[] base = pinned.state().encodeBase();
        byte[] head = pinned.state().encodeHead();
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] brokenBase = random.nextBoolean() ? broken(base, random) : base;
            byte[] brokenHead = brokenBase == base ? broken(head, random) : head;
            try {
                KeyState read = KeyState.decode(pinned.plan, brokenBase, brokenHead);
                read.read(Long.MAX_VALUE / 2);
                read.read(read.foldedThrough());
                read.fold();
                read.encodeBase();
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).isNotBlank();
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    private static byte[] broken(byte[] bytes, Random random) {
        byte[] broken = bytes.clone();
        int place = random.nextInt(bytes.length);
        if (random.nextInt(4) == 0) {
            return java.util.Arrays.copyOf(broken, place);
        }
        broken[place] = (byte) random.nextInt(256);
        return broken;
    }

    /** By formula, so that nothing but the format can change the bytes: every type, nulls, ids of all forms, hard doubles. */
    private static List<Change> history() {
        double[] hard = {0.1, -0.0, 1e300, Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY, 42};
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            long known = RandomHistory.START + i * 300_000L;
            long happened = known - (i * 37L % 40) * 200_000;
            Row row = new Row(RandomHistory.SOURCE.size());
            row.setLong(0, i % 9 == 0 ? Long.MAX_VALUE - i : i * 31L % 100 - 50);
            if (i % 7 != 0) {
                row.setDouble(1, i % 5 == 0 ? hard[i / 5 % hard.length] : i * 0.3);
            }
            row.setString(2, "s" + i * 13 % 11).setBoolean(3, i % 4 != 0);
            row.setLong(4, happened).setLong(5, i % 6);
            EventId id = i % 3 == 0 ? EventId.of(i) : i % 3 == 1 ? EventId.of("e" + i) : EventId.of("topic", 1, i);
            changes.add(new Change(false, id, happened, known, row));
        }
        return changes;
    }

    private static List<FeatureSpec> aggregates() {
        List<FeatureSpec> features = new ArrayList<>();
        for (String aggregate :
                List.of("count", "sum", "mean", "variance", "min", "max", "first", "last", "distinct")) {
            features.add(feature(aggregate, "y", Window.Sliding.of(3 * HOUR)));
            features.add(feature(aggregate, "divisor", new Window.Lifetime()));
        }
        features.add(feature("quantile", "x", Window.Sliding.of(24 * HOUR)));
        features.add(feature("distinct", "s", Window.Sliding.of(24 * HOUR)));
        return features;
    }

    private static List<FeatureSpec> windows() {
        List<FeatureSpec> features = new ArrayList<>();
        for (Window window : List.of(
                new Window.Exact(3 * HOUR, 100),
                new Window.Exact(24 * HOUR, 12), // has more
                new Window.Hopping(3 * HOUR, 2 * HOUR),
                new Window.Session(HOUR, 24 * HOUR),
                new Window.Rows(7))) {
            features.add(feature("count", "y", window));
            features.add(feature("max", "y", window));
            features.add(feature("last", "s", window));
            features.add(feature("latest", "y", window));
        }
        return features;
    }

    private static ViewPlan plan(List<FeatureSpec> features) {
        ViewSpec spec = new ViewSpec(
                "pinned", List.of("s"), Optional.empty(), List.of(), features, 48 * HOUR, 600_000, 600_000, 8);
        return ViewPlan.compile(spec, RandomHistory.SOURCE);
    }

    private static FeatureSpec feature(String aggregate, String of, Window window) {
        String name = aggregate + "_" + of + (window instanceof Window.Lifetime ? "_all" : "_" + window);
        return new FeatureSpec(name, aggregate, Map.of(), Optional.of(of), Optional.of("flag"), window);
    }
}
