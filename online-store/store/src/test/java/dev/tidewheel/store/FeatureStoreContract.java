package dev.tidewheel.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.view.Version;
import dev.tidewheel.store.FeatureWriter.Outcome;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store promises. Each test works on a view of its own. */
public abstract class FeatureStoreContract {
    private static final Outcome ACCEPTED = new Outcome(1, 0);
    private static final Outcome SUPERSEDED = new Outcome(0, 1);
    private static final byte[] NO_BASE = {};

    /** The store under test, which stays open. */
    protected abstract FeatureWriter writer();

    protected abstract FeatureReader reader();

    @Test
    void returnsWhatWasWritten() {
        StoredState state = state(version(5, 2), "base", "head");
        assertThat(write(key("round", "ORD"), state)).isEqualTo(ACCEPTED);
        assertSame(read(key("round", "ORD")), state);
    }

    @Test
    void keepsTheOrderOfTheKeysAndNullsForUnknownOnes() {
        write(key("order", "b"), state(version(1, 1), "", "of b"));
        write(key("order", "a"), state(version(1, 1), "", "of a"));
        List<@Nullable StoredState> states = get(
                reader().read(List.of(key("order", "b"), key("order", "none"), key("order", "a"), key("order", "b"))));
        assertThat(states).hasSize(4);
        assertThat(states.get(1)).isNull();
        assertThat(states.get(0).head()).isEqualTo(bytes("of b"));
        assertThat(states.get(2).head()).isEqualTo(bytes("of a"));
        assertThat(states.get(3).head()).isEqualTo(bytes("of b"));
        assertThat(get(reader().read(List.of()))).isEmpty();
    }

    @Test
    void refusesLesserVersionsAndTakesEqualOnes() {
        ViewKey key = key("versions", "k");
        write(key, state(version(5, 2), "base", "first"));
        assertThat(write(key, state(version(5, 1), "base", "less"))).isEqualTo(SUPERSEDED);
        assertThat(write(key, state(version(4, 9), "base", "less"))).isEqualTo(SUPERSEDED);
        assertThat(read(key).head()).isEqualTo(bytes("first"));
        assertThat(write(key, state(version(5, 2), "base", "again"))).isEqualTo(ACCEPTED);
        assertThat(read(key).head()).isEqualTo(bytes("again"));
        assertThat(write(key, state(version(6, 0), "base", "next"))).isEqualTo(ACCEPTED);
        assertThat(read(key).head()).isEqualTo(bytes("next"));
    }

    @Test
    void comparesVersionsAsNumbersOf64Bits() {
        List<Version> ascending = List.of(
                version(Long.MIN_VALUE, 0),
                version(Long.MIN_VALUE + 1, 0),
                version(-4294967296L, 7),
                version(-1, Long.MAX_VALUE),
                version(0, 0),
                version(0, 1),
                version(0, 255),
                version(0, 256),
                version(1, 0),
                version(0x7F, 1),
                version(0x80, 1),
                version(0xFFFFFFFFL, 1),
                version(0x100000000L, 0),
                version((1L << 53) - 1, 0),
                version(1L << 53, 0),
                version((1L << 53) + 1, 0),
                version((1L << 53) + 1, 1L << 53),
                version((1L << 53) + 1, (1L << 53) + 1),
                version(Long.MAX_VALUE - 1, 0),
                version(Long.MAX_VALUE, 0),
                version(Long.MAX_VALUE, Long.MAX_VALUE));
        for (int i = 0; i < ascending.size(); i++) {
            for (int j = 0; j < ascending.size(); j++) {
                ViewKey key = key("numbers", i + "-" + j);
                write(key, state(ascending.get(i), "", "stored"));
                assertThat(write(key, state(ascending.get(j), "", "offered")))
                        .as("%s over %s", ascending.get(j), ascending.get(i))
                        .isEqualTo(j >= i ? ACCEPTED : SUPERSEDED);
            }
        }
    }

    @Test
    void neverMixesTheBasesOfTwoAttempts() {
        ViewKey key = key("bases", "k");
        write(key, state(version(1, 1), "", "h1"));
        write(key, state(version(2, 2), "base of attempt 1", "h2"));
        // The next attempt folded elsewhere. Its older write is refused, base and all ...
        assertThat(write(key, state(version(1, 1), "base of attempt 2", "h1"))).isEqualTo(SUPERSEDED);
        assertSame(read(key), state(version(2, 2), "base of attempt 1", "h2"));
        // ... and its first that is accepted brings its own base.
        write(key, state(version(3, 3), "base of attempt 2", "h3"));
        assertSame(read(key), state(version(3, 3), "base of attempt 2", "h3"));
        write(key, state(version(3, 3), "", "not folded at all"));
        assertSame(read(key), state(version(3, 3), "", "not folded at all"));
    }

    @Test
    void deletesLeaveAVersionBehind() {
        ViewKey key = key("deletes", "k");
        write(key, state(version(5, 2), "base", "head"));
        assertThat(delete(key, version(5, 1))).isEqualTo(SUPERSEDED);
        assertThat(read(key)).isNotNull();
        assertThat(delete(key, version(5, 2))).isEqualTo(ACCEPTED);
        assertThat(read(key)).isNull();
        assertThat(reader().entities("deletes", 1)).isEmpty();
        assertThat(write(key, state(version(5, 2), "base", "a repeated write"))).isEqualTo(SUPERSEDED);
        assertThat(read(key)).isNull();
        assertThat(delete(key, version(5, 2))).isEqualTo(ACCEPTED);
        assertThat(write(key, state(version(6, 1), "", "new life"))).isEqualTo(ACCEPTED);
        assertSame(read(key), state(version(6, 1), "", "new life"));
    }

    @Test
    void deletesOfUnknownKeysAreRemembered() {
        ViewKey key = key("unknown", "k");
        assertThat(delete(key, version(5, 2))).isEqualTo(ACCEPTED);
        assertThat(write(key, state(version(4, 1), "", "zombie"))).isEqualTo(SUPERSEDED);
    }

    @Test
    void whatIsErasedNeverComesBack() {
        ViewKey key = key("erased", "k");
        write(key, state(version(5, 2), "base", "head"));
        get(writer().delete(Map.of(key, StoredState.erased())));
        assertThat(write(key, state(version(Long.MAX_VALUE, 1), "base", "head")))
                .isEqualTo(SUPERSEDED);
        assertThat(read(key)).isNull();
    }

    @Test
    void lineagesAndViewsAreApart() {
        write(new ViewKey("apart", 1, "k"), state(version(9, 9), "", "old lineage"));
        write(new ViewKey("apart", 2, "k"), state(version(1, 1), "", "new lineage"));
        write(new ViewKey("apart2", 1, "k"), state(version(1, 1), "", "other view"));
        assertThat(read(new ViewKey("apart", 1, "k")).head()).isEqualTo(bytes("old lineage"));
        assertThat(read(new ViewKey("apart", 2, "k")).head()).isEqualTo(bytes("new lineage"));
        assertThat(reader().entities("apart", 2)).containsExactly("k");
        assertThat(reader().entities("apart2", 1)).containsExactly("k");
        assertThat(reader().entities("apart", 12)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a|b", "a:b", "{x}", "}", "*?[a]\\", "Zürich", "a:h", "a:b:h", "\u0000", "日本"})
    void takesAnyTextAsEntity(String entity) {
        String view = "text" + Arrays.hashCode(bytes(entity));
        write(key(view, entity), state(version(1, 1), "base", entity));
        assertThat(read(key(view, entity)).head()).isEqualTo(bytes(entity));
        assertThat(reader().entities(view, 1)).containsExactly(entity);
    }

    @Test
    void listsEveryEntityOnce() {
        Map<ViewKey, StoredState> batch = new LinkedHashMap<>();
        for (int i = 0; i < 2_500; i++) {
            batch.put(key("many", "e" + i), state(version(1, 1), i % 2 == 0 ? "" : "base", "head"));
        }
        assertThat(get(writer().write(batch))).isEqualTo(new Outcome(2_500, 0));
        assertThat(reader().entities("many", 1))
                .containsExactlyElementsOf(
                        batch.keySet().stream().map(ViewKey::entity).sorted().toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithTheModelOnRandomBatches(long seed) {
        Random random = new Random(seed);
        InMemoryFeatureStore model = new InMemoryFeatureStore();
        Map<ViewKey, StoredState> all = new TreeMap<>(java.util.Comparator.comparing(ViewKey::entity));
        for (int round = 0; round < 60; round++) {
            Map<ViewKey, StoredState> batch = new LinkedHashMap<>();
            for (int i = random.nextInt(30); i >= 0; i--) {
                batch.put(key("random" + seed, "e" + random.nextInt(40)), randomState(random));
            }
            all.putAll(batch);
            boolean delete = random.nextInt(4) == 0;
            Outcome expected = get(delete ? model.delete(batch) : model.write(batch));
            assertThat(get(delete ? writer().delete(batch) : writer().write(batch)))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(expected);
        }
        List<ViewKey> keys = List.copyOf(all.keySet());
        List<@Nullable StoredState> expected = get(model.read(keys));
        List<@Nullable StoredState> actual = get(reader().read(keys));
        for (int i = 0; i < keys.size(); i++) {
            assertSame(actual.get(i), expected.get(i));
        }
    }

    private static StoredState randomState(Random random) {
        return new StoredState(
                version(random.nextInt(4), random.nextInt(4)),
                new FlushId(random.nextLong(), random.nextInt(), random.nextLong()),
                random.nextInt(3) == 0 ? NO_BASE : bytes("base " + random.nextInt(3)),
                bytes("head " + random.nextInt()));
    }

    private Outcome write(ViewKey key, StoredState state) {
        return get(writer().write(Map.of(key, state)));
    }

    private Outcome delete(ViewKey key, Version version) {
        return get(writer().delete(Map.of(key, StoredState.deleted(version, FlushId.NONE))));
    }

    private StoredState read(ViewKey key) {
        return get(reader().read(List.of(key))).get(0);
    }

    protected static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    protected static void assertSame(@Nullable StoredState actual, @Nullable StoredState expected) {
        assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
    }

    protected static ViewKey key(String view, String entity) {
        return new ViewKey(view, 1, entity);
    }

    protected static Version version(long knownTime, long routed) {
        return new Version(knownTime, routed);
    }

    protected static StoredState state(Version version, String base, String head) {
        return new StoredState(version, new FlushId(7, 1, 42), bytes(base), bytes(head));
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
