package dev.tidewheel.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The simplest fast way to write to Redis: {@code SET key value [PX life]}, a batch in one pipeline. Thread-safe. */
final class PlainWrites implements AutoCloseable {
    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final SetArgs arguments;

    /** @param life of every value; empty for ever */
    PlainWrites(URI redis, Optional<Duration> life) {
        this.client = RedisClient.create(redis.toString());
        this.connection = client.connect(ByteArrayCodec.INSTANCE);
        this.connection.setAutoFlushCommands(false);
        this.arguments = life.map(SetArgs.Builder::px).orElseGet(SetArgs::new);
    }

    /** Completes when Redis has confirmed every one of them. */
    CompletableFuture<Void> write(Collection<Map.Entry<byte[], byte[]>> batch) {
        RedisAsyncCommands<byte[], byte[]> redis = connection.async();
        CompletableFuture<?>[] all = new CompletableFuture<?>[batch.size()];
        int at = 0;
        for (Map.Entry<byte[], byte[]> entry : batch) {
            RedisFuture<String> one = redis.set(entry.getKey(), entry.getValue(), arguments);
            all[at++] = one.toCompletableFuture();
        }
        connection.flushCommands();
        return CompletableFuture.allOf(all);
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
