package dev.tidewheel.store.redis;

import dev.tidewheel.store.StoreRefusedException;
import dev.tidewheel.store.StoreUnavailableException;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The connection to one server or to a cluster, which reconnects by itself. Commands that are under way when the
 * connection breaks are sent again, so every command must bear being executed twice.
 */
sealed interface RedisLink extends AutoCloseable {
    RedisClusterAsyncCommands<byte[], byte[]> commands();

    /** A section of INFO from every server that takes writes. */
    CompletionStage<List<String>> info(String section);

    @Override
    void close();

    /**
     * @throws StoreUnavailableException if nobody answers at the address
     * @throws StoreRefusedException if the server does not let us in
     */
    static RedisLink open(RedisStoreConfig config) {
        RedisURI address = RedisURI.create(config.uri());
        return switch (config.topology()) {
            case STANDALONE -> Standalone.open(address, config.deadline());
            case CLUSTER -> Cluster.open(address, config.deadline());
        };
    }

    /** One server. */
    record Standalone(RedisClient client, StatefulRedisConnection<byte[], byte[]> connection, ClientResources resources)
            implements RedisLink {

        private static Standalone open(RedisURI address, Duration deadline) {
            ClientResources resources = ClientSettings.resources();
            RedisClient client = RedisClient.create(resources, address);
            client.setOptions(
                    ClientSettings.apply(ClientOptions.builder(), deadline).build());
            try {
                return new Standalone(client, client.connect(ByteArrayCodec.INSTANCE), resources);
            } catch (RedisException e) {
                end(client, resources);
                throw unreachable(address, e);
            }
        }

        @Override
        public RedisClusterAsyncCommands<byte[], byte[]> commands() {
            return connection.async();
        }

        @Override
        public CompletionStage<List<String>> info(String section) {
            return connection.async().info(section).thenApply(List::of);
        }

        @Override
        public void close() {
            connection.close();
            end(client, resources);
        }
    }

    /** Redis Cluster. */
    record Cluster(
            RedisClusterClient client,
            StatefulRedisClusterConnection<byte[], byte[]> connection,
            ClientResources resources)
            implements RedisLink {

        private static Cluster open(RedisURI address, Duration deadline) {
            ClientResources resources = ClientSettings.resources();
            RedisClusterClient client = RedisClusterClient.create(resources, address);
            client.setOptions(ClientSettings.apply(ClusterClientOptions.builder(), deadline)
                    .build());
            try {
                return new Cluster(client, client.connect(ByteArrayCodec.INSTANCE), resources);
            } catch (RedisException e) {
                end(client, resources);
                throw unreachable(address, e);
            }
        }

        @Override
        public RedisClusterAsyncCommands<byte[], byte[]> commands() {
            return connection.async();
        }

        @Override
        public CompletionStage<List<String>> info(String section) {
            return connection.async().upstream().commands().info(section);
        }

        @Override
        public void close() {
            connection.close();
            end(client, resources);
        }
    }

    /** Also on a thread that was interrupted, where a client does not wait for its own end. */
    private static void end(AbstractRedisClient client, ClientResources resources) {
        try {
            client.shutdown();
        } finally {
            ClientSettings.shutdown(resources);
        }
    }

    private static RuntimeException unreachable(RedisURI address, RedisException cause) {
        RuntimeException permanent = Refusals.permanent("connecting to Redis at " + address, cause);
        if (permanent != null) {
            return permanent;
        }
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new StoreUnavailableException(
                "no connection to Redis at " + address + " (" + root.getMessage() + "): is it running there?", cause);
    }
}
