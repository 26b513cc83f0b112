package dev.tidewheel.store.redis;

import dev.tidewheel.store.FeatureReader;
import dev.tidewheel.store.FeatureStoreContract;
import dev.tidewheel.store.FeatureWriter;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The store's promises on one server, in batches so small that every call needs several. */
final class StandaloneContractTest extends FeatureStoreContract {
    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    private static RedisFeatureStore store;

    @BeforeAll
    static void open() {
        store = new RedisFeatureStore(new RedisStoreConfig(
                REDIS.uri(),
                "test",
                Duration.ofSeconds(10),
                7,
                RedisStoreConfig.Topology.STANDALONE,
                Optional.empty()));
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @Override
    protected FeatureWriter writer() {
        return store;
    }

    @Override
    protected FeatureReader reader() {
        return store;
    }
}
