package dev.tidewheel.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.view.Version;
import dev.tidewheel.store.FeatureWriter.Outcome;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoreFormatException;
import dev.tidewheel.store.StoreListener;
import dev.tidewheel.store.StoreRefusedException;
import dev.tidewheel.store.StoreUnavailableException;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What goes beyond the contract: what travels, how long keys live, and what happens when the server does not answer. */
final class RedisFeatureStoreTest {
    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration IMPATIENT = Duration.ofMillis(300);
    private static final ViewKey KEY = new ViewKey("view", 1, "ORD");

    private final AtomicInteger bases = new AtomicInteger();
    private final StoreKeys names = new StoreKeys("test");
    private RedisFeatureStore store;

    @BeforeEach
    void open() {
        REDIS.command("FLUSHALL");
        store = open(PATIENT, Optional.empty());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void sendsABaseOnlyWhereTheServerLacksIt() {
        get(store.write(Map.of(KEY, state(1, "base 1"))));
        assertThat(bases.getAndSet(0)).isEqualTo(1);
        get(store.write(Map.of(KEY, state(2, "base 1"))));
        get(store.write(Map.of(KEY, state(2, "base 1"))));
        assertThat(bases.getAndSet(0)).isZero();
        get(store.write(Map.of(KEY, state(3, "base 2"))));
        assertThat(bases.getAndSet(0)).isEqualTo(1);
        REDIS.command("FLUSHALL");
        get(store.write(Map.of(KEY, state(4, "base 2"))));
        assertThat(bases.getAndSet(0)).isEqualTo(1);
        assertThat(read().base()).isEqualTo("base 2".getBytes(UTF_8));
    }

    @Test
    void bringsItsScriptsToAServerThatForgotThem() {
        get(store.write(Map.of(KEY, state(1, "base 1"))));
        REDIS.command("SCRIPT", "FLUSH");
        assertThat(get(store.write(Map.of(KEY, state(2, "base 2"))))).isEqualTo(new Outcome(1, 0));
        assertThat(read().version()).isEqualTo(new Version(2, 1));
    }

    @Test
    void keepsTheLifeOfKeys() {
        get(store.write(Map.of(KEY, state(1, "base"))));
        REDIS.command("EXPIRE", head(), "1000");
        REDIS.command("EXPIRE", base(), "1000");
        get(store.write(Map.of(KEY, state(2, "base"))));
        assertThat(timeToLive(head())).isBetween(900, 1000);
        get(store.write(Map.of(KEY, state(3, "another base"))));
        assertThat(timeToLive(head())).isBetween(900, 1000);
        assertThat(timeToLive(base())).isBetween(900, 1000);
    }

    @Test
    void tombstonesLiveAsLongAsToldAndLeaveNoLifeBehind() {
        get(store.delete(Map.of(KEY, StoredState.deleted(new Version(1, 1), FlushId.NONE))));
        assertThat(timeToLive(head())).isEqualTo(-1);
        try (RedisFeatureStore mortal = open(PATIENT, Optional.of(Duration.ofHours(1)))) {
            get(mortal.delete(Map.of(KEY, StoredState.deleted(new Version(2, 1), FlushId.NONE))));
            assertThat(timeToLive(head())).isBetween(3500, 3600);
            get(mortal.write(Map.of(KEY, state(3, "base"))));
            assertThat(timeToLive(head())).isEqualTo(-1);
            assertThat(timeToLive(base())).isEqualTo(-1);
            get(mortal.delete(Map.of(KEY, StoredState.deleted(new Version(4, 1), FlushId.NONE))));
            assertThat(REDIS.command("EXISTS", base())).isEqualTo(":0");
        }
    }

    @Test
    void aStateWithoutABaseTakesATombstonesLifeAway() {
        try (RedisFeatureStore mortal = open(PATIENT, Optional.of(Duration.ofHours(1)))) {
            get(mortal.delete(Map.of(KEY, StoredState.deleted(new Version(2, 1), FlushId.NONE))));
            get(mortal.write(Map.of(KEY, state(1, ""))));
            assertThat(timeToLive(head())).as("refused").isBetween(3500, 3600);
            assertThat(read()).isNull();
            get(mortal.write(Map.of(KEY, state(3, ""))));
            assertThat(timeToLive(head())).isEqualTo(-1);
            assertThat(read().version()).isEqualTo(new Version(3, 1));
        }
    }

    @Test
    void whatIsNotWrittenIsAsItWas() {
        get(store.write(Map.of(KEY, state(2, "base"))));
        REDIS.command("EXPIRE", head(), "1000");
        assertThat(get(store.write(Map.of(KEY, state(1, "base"))))).isEqualTo(new Outcome(0, 1));
        assertThat(get(store.write(Map.of(KEY, state(1, "another base"))))).isEqualTo(new Outcome(0, 1));
        assertThat(read().version()).isEqualTo(new Version(2, 1));
        assertThat(timeToLive(head())).isBetween(900, 1000);
    }

    @Test
    void writesNothingOfABatchThatMeetsForeignBytes() {
        Map<ViewKey, StoredState> batch = new LinkedHashMap<>();
        ViewKey other = new ViewKey("view", 1, "LAX");
        ViewKey known = new ViewKey("view", 1, "JFK");
        ViewKey last = new ViewKey("view", 1, "SEA");
        get(store.write(Map.of(known, state(1, ""))));
        REDIS.command("EXPIRE", name(names.head(known)), "1000");
        REDIS.command("SET", head(), "hello");
        batch.put(other, state(1, ""));
        batch.put(known, state(2, ""));
        batch.put(KEY, state(1, ""));
        batch.put(last, state(1, ""));
        assertThatThrownBy(() -> get(store.write(batch)))
                .hasCauseInstanceOf(StoreFormatException.class)
                .hasMessageContaining(head());
        assertThat(get(store.read(List.of(other, last)))).containsOnlyNulls();
        assertThat(get(store.read(List.of(known))).get(0).version()).isEqualTo(new Version(1, 1));
        assertThat(timeToLive(name(names.head(known)))).isBetween(900, 1000);
        assertThatThrownBy(this::read)
                .hasCauseInstanceOf(StoreFormatException.class)
                .hasMessageContaining("5 bytes");
    }

    @Test
    void aBatchThatMeetsAListLeavesTombstonesTheirLife() {
        ViewKey deleted = new ViewKey("view", 1, "JFK");
        ViewKey last = new ViewKey("view", 1, "SEA");
        Map<ViewKey, StoredState> batch = new LinkedHashMap<>();
        batch.put(deleted, state(2, ""));
        batch.put(KEY, state(1, ""));
        batch.put(last, state(1, ""));
        try (RedisFeatureStore mortal = open(PATIENT, Optional.of(Duration.ofHours(1)))) {
            get(mortal.delete(Map.of(deleted, StoredState.deleted(new Version(1, 1), FlushId.NONE))));
            REDIS.command("RPUSH", head(), "hello");
            assertThatThrownBy(() -> get(mortal.write(batch)))
                    .hasCauseInstanceOf(StoreFormatException.class)
                    .hasMessageContaining(head());
            assertThat(get(mortal.read(List.of(deleted, last)))).containsOnlyNulls();
            assertThat(timeToLive(name(names.head(deleted)))).isBetween(3500, 3600);
        }
    }

    @Test
    void neverServesAHeadOnAForeignBase() {
        ViewKey other = new ViewKey("view", 1, "LAX");
        get(store.write(Map.of(KEY, state(1, "base of ORD"), other, state(1, "base of LAX"))));
        REDIS.command("COPY", name(names.base(other)), base(), "REPLACE");
        assertThatThrownBy(this::read)
                .hasCauseInstanceOf(StoreFormatException.class)
                .hasMessageContaining("ORD")
                .hasMessageContaining("do not belong together");
        REDIS.command("DEL", base());
        assertThatThrownBy(this::read).hasCauseInstanceOf(StoreFormatException.class);
    }

    @Test
    void waitsForAServerThatComesBack() {
        get(store.write(Map.of(KEY, state(1, "base"))));
        REDIS.kill();
        CompletionStage<Outcome> write = store.write(Map.of(KEY, state(2, "base")));
        REDIS.start();
        assertThat(get(write)).isEqualTo(new Outcome(1, 0));
        assertThat(read().version()).isEqualTo(new Version(2, 1));
    }

    @Test
    void givesUpAtTheDeadlineAndRecovers() {
        try (RedisFeatureStore impatient = open(IMPATIENT, Optional.empty())) {
            REDIS.suspend();
            try {
                assertThatThrownBy(() -> get(impatient.read(List.of(KEY))))
                        .hasCauseInstanceOf(StoreUnavailableException.class)
                        .hasMessageContaining("300 ms");
                assertThatThrownBy(() -> get(impatient.write(Map.of(KEY, state(1, "base")))))
                        .hasCauseInstanceOf(StoreUnavailableException.class);
                assertThatThrownBy(() -> impatient.entities("view", 1)).isInstanceOf(StoreUnavailableException.class);
            } finally {
                REDIS.resume();
            }
            // The outcome of the first write was unknown; repeating it is safe.
            assertThat(get(store.write(Map.of(KEY, state(1, "base"))))).isEqualTo(new Outcome(1, 0));
            assertThat(read().version()).isEqualTo(new Version(1, 1));
        }
    }

    @Test
    void tellsAnotherServerByItsIdentity() {
        ServerIdentity before = get(store.identity());
        assertThat(get(store.identity())).isEqualTo(before);
        REDIS.kill();
        REDIS.start();
        ServerIdentity after = get(store.identity());
        assertThat(after.runId()).hasSize(40).isNotEqualTo(before.runId());
        assertThat(after.replicationId()).hasSize(40).isNotEqualTo(before.replicationId());
    }

    @Test
    void saysWhereNobodyAnswers() {
        URI nowhere = URI.create("redis://:secret@127.0.0.1:1");
        assertThatThrownBy(() -> new RedisFeatureStore(new RedisStoreConfig(nowhere, "test", IMPATIENT)))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aServerThatDoesNotLetUsInIsNotJustUnavailable() {
        RedisStoreConfig stranger = new RedisStoreConfig(user("nobody", "wrong"), "test", PATIENT);

        assertThatThrownBy(() -> openReached(stranger))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("check user, password")
                .hasMessageNotContaining("wrong@");
    }

    @Test
    void whatIsNotAllowedIsNotTriedUntilTheDeadline() {
        REDIS.command("ACL", "SETUSER", "reader", "on", ">secret", "~*", "+@connection", "+mget");
        try (RedisFeatureStore reader =
                new RedisFeatureStore(new RedisStoreConfig(user("reader", "secret"), "test", PATIENT))) {
            assertThat(get(reader.read(List.of(KEY)))).containsOnlyNulls();
            assertThatThrownBy(() -> get(reader.write(Map.of(KEY, state(1, "base")))))
                    .hasCauseInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("NOPERM");
        } finally {
            REDIS.command("ACL", "DELUSER", "reader");
        }
    }

    /** Of sixty refused logins the client reports about one as a connection that was closed. */
    private static void openReached(RedisStoreConfig config) {
        for (int attempt = 0; attempt < 5; attempt++) {
            try {
                new RedisFeatureStore(config).close();
            } catch (StoreUnavailableException closed) {
                assertThat(closed).hasRootCauseMessage("Connection closed prematurely");
            }
        }
    }

    private static URI user(String name, String password) {
        return URI.create(
                "redis://" + name + ":" + password + "@127.0.0.1:" + REDIS.uri().getPort());
    }

    private RedisFeatureStore open(Duration deadline, Optional<Duration> tombstoneLife) {
        RedisStoreConfig config = new RedisStoreConfig(
                REDIS.uri(), "test", deadline, 100, RedisStoreConfig.Topology.STANDALONE, tombstoneLife);
        return new RedisFeatureStore(config, new StoreListener() {
            @Override
            public void wrote(Outcome outcome, int sent, long nanos) {
                bases.addAndGet(sent);
            }
        });
    }

    private StoredState read() {
        return get(store.read(List.of(KEY))).get(0);
    }

    private static StoredState state(long knownTime, String base) {
        return new StoredState(
                new Version(knownTime, 1), new FlushId(1, 0, knownTime), base.getBytes(UTF_8), "head".getBytes(UTF_8));
    }

    private static int timeToLive(String name) {
        return Integer.parseInt(REDIS.command("TTL", name).substring(1));
    }

    private String head() {
        return name(names.head(KEY));
    }

    private String base() {
        return name(names.base(KEY));
    }

    private static String name(byte[] name) {
        return new String(name, UTF_8);
    }

    private static <T> T get(CompletionStage<T> stage) throws CompletionException {
        CompletableFuture<T> future = stage.toCompletableFuture();
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
