package dev.tidewheel.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tidewheel.benchmarks.RedisTableFactory.Value;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.List;
import java.util.Optional;

/**
 * Holds the last value of the peer's query against a naive recomputation: for every key of a sample, by going through all
 * of its events.
 */
final class SqlCheck {
    private SqlCheck() {}

    /**
     * Checks.
     *
     * @param watermark up to which the job has written everything
     * @return how many values were compared
     */
    static int check(Platform platform, List<SqlQuery> queries, Sample sample, long watermark) {
        int compared = 0;
        RedisClient client = RedisClient.create(platform.redisUri().toString());
        try (StatefulRedisConnection<byte[], byte[]> redis = client.connect(ByteArrayCodec.INSTANCE)) {
            for (SqlQuery query : queries) {
                for (var key : sample.byKey().entrySet()) {
                    String name = query.name() + ":" + Workload.name(key.getKey());
                    Optional<Value> expected = last(query, sample.workload(), key.getValue(), watermark);
                    Optional<Value> stored = Optional.ofNullable(redis.sync().get(name.getBytes(US_ASCII)))
                            .map(Value::of);
                    if (!stored.equals(expected)) {
                        throw new IllegalStateException(name + ": stored " + stored + ", by definition " + expected);
                    }
                    compared += expected.isPresent() ? 4 : 0;
                }
            }
        } finally {
            client.shutdown();
        }
        return compared;
    }

    /** The value that the query tells last for a key. */
    private static Optional<Value> last(SqlQuery query, Workload workload, List<Long> events, long watermark) {
        return switch (query.way()) {
            case HOP -> lastHop(query, workload, events, watermark);
            case CUMULATE -> lastCumulation(query, workload, events, watermark);
            case OVER -> lastOver(query, workload, events, watermark);
        };
    }

    /** The last window that is complete and holds an event. */
    private static Optional<Value> lastHop(SqlQuery query, Workload workload, List<Long> events, long watermark) {
        long step = query.step().toMillis();
        long length = query.length().toMillis();
        long complete = Math.floorDiv(watermark + 1, step) * step;
        for (long end = complete; end > workload.eventTime(0); end -= step) {
            Optional<Value> value = over(workload, events, end, end - length, end);
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    /** Of the last window that has begun to be told, the last step that is complete. */
    private static Optional<Value> lastCumulation(
            SqlQuery query, Workload workload, List<Long> events, long watermark) {
        long step = query.step().toMillis();
        long length = query.length().toMillis();
        // Flink aligns windows to the epoch, as we do.
        for (long begin = Math.floorDiv(watermark, length) * length;
                begin + length > workload.eventTime(0);
                begin -= length) {
            long end = Math.min(begin + length, Math.floorDiv(watermark + 1, step) * step);
            Optional<Value> value = over(workload, events, end, begin, end);
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    /** That of the last event; both ends of its range count. */
    private static Optional<Value> lastOver(SqlQuery query, Workload workload, List<Long> events, long watermark) {
        return events.stream()
                .map(workload::eventTime)
                .filter(time -> time <= watermark)
                .reduce((before, after) -> after)
                .flatMap(at -> over(workload, events, at, at - query.length().toMillis(), at + 1));
    }

    private static Optional<Value> over(Workload workload, List<Long> events, long at, long from, long before) {
        long count = 0;
        long sum = 0;
        long max = 0;
        for (long event : events) {
            long time = workload.eventTime(event);
            if (time >= from && time < before) {
                count++;
                sum += workload.amount(event);
                max = Math.max(max, workload.amount(event));
            }
        }
        return count == 0 ? Optional.empty() : Optional.of(new Value(at, count, sum, (double) sum / count, max));
    }
}
