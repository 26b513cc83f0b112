package dev.tidewheel.store.redis;

import dev.tidewheel.store.FeatureReader;
import dev.tidewheel.store.FeatureStoreContract;
import dev.tidewheel.store.FeatureWriter;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The store's promises on a cluster, which refuses calls whose keys are in different slots. */
final class ClusterContractTest extends FeatureStoreContract {
    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture("--cluster-enabled", "yes");

    private static RedisFeatureStore store;

    @BeforeAll
    static void open() {
        REDIS.becomeCluster();
        store = new RedisFeatureStore(new RedisStoreConfig(
                REDIS.uri(), "test", Duration.ofSeconds(10), 7, RedisStoreConfig.Topology.CLUSTER, Optional.empty()));
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
