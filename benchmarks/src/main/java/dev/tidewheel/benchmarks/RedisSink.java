package dev.tidewheel.benchmarks;

import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.jspecify.annotations.Nullable;

/**
 * What peers write through: the checkpoint rule of our own store, with the simplest and fastest write, {@link PlainWrites}.
 * At most one flush is under way. Values live for ever, as ours do. Who writes a key once per flush may gather as long as
 * our job does that is behind its source; who writes everything gains nothing by waiting.
 *
 * @param <T> what arrives
 */
final class RedisSink<T> implements Sink<T> {
    private static final long serialVersionUID = 1L;

    /** From what arrives to what is written. */
    interface Format<T> extends Serializable {
        String key(T element);

        byte[] value(T element);
    }

    private final String run;
    private final String name;
    private final URI redis;
    private final boolean newestOnly;
    private final Format<T> format;

    /**
     * @param run names the {@link Arrived}
     * @param name of the sink within the job
     * @param newestOnly whether a key that arrives twice in a flush is written once
     */
    RedisSink(String run, String name, URI redis, boolean newestOnly, Format<T> format) {
        this.run = run;
        this.name = name;
        this.redis = redis;
        this.newestOnly = newestOnly;
        this.format = format;
    }

    private Duration interval() {
        return newestOnly ? JobShape.BEHIND_INTERVAL : JobShape.FLUSH_INTERVAL;
    }

    private int mostHeld() {
        return newestOnly ? JobShape.HELD_KEYS : JobShape.FLUSH_KEYS;
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        return new Writer<>(this, context);
    }

    private static final class Writer<T> implements SinkWriter<T> {
        private final RedisSink<T> sink;
        private final Arrived arrived;
        private final String sinkName;
        private final ProcessingTimeService time;
        private final PlainWrites redis;

        private Map<String, byte[]> newest = new LinkedHashMap<>();
        private List<Map.Entry<byte[], byte[]>> all = new ArrayList<>();
        private @Nullable CompletableFuture<Void> underWay;
        private long watermark = Long.MIN_VALUE;

        Writer(RedisSink<T> sink, WriterInitContext context) {
            this.sink = sink;
            this.arrived = Arrived.of(sink.run);
            this.sinkName = sink.name + "/" + context.getTaskInfo().getIndexOfThisSubtask();
            this.time = context.getProcessingTimeService();
            this.redis = new PlainWrites(sink.redis, Optional.empty());
            again();
        }

        private void again() {
            var unused = time.registerTimer(
                    time.getCurrentProcessingTime() + sink.interval().toMillis(), at -> tick());
        }

        private void tick() throws IOException {
            if (underWay != null && underWay.isDone()) {
                await();
            }
            if (underWay == null) {
                start();
            }
            again();
        }

        @Override
        public void write(T element, Context context) throws IOException {
            String key = sink.format.key(element);
            byte[] value = sink.format.value(element);
            if (sink.newestOnly) {
                newest.put(key, value);
            } else {
                all.add(Map.entry(bytes(key), value));
            }
            if (newest.size() + all.size() >= sink.mostHeld()) {
                await();
                start();
            }
        }

        private static byte[] bytes(String key) {
            return key.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        }

        /** Nothing is under way. */
        private void start() {
            newest.forEach((key, value) -> all.add(Map.entry(bytes(key), value)));
            long complete = watermark;
            if (all.isEmpty()) {
                arrived.complete(sinkName, complete);
                return;
            }
            int count = all.size();
            underWay = redis.write(all).thenRun(() -> {
                arrived.wrote(count);
                arrived.complete(sinkName, complete);
            });
            newest = new LinkedHashMap<>();
            all = new ArrayList<>();
        }

        private void await() throws IOException {
            if (underWay == null) {
                return;
            }
            try {
                underWay.get();
                underWay = null;
            } catch (ExecutionException e) {
                throw new IOException("writing to Redis failed", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        @Override
        public void flush(boolean endOfInput) throws IOException {
            await();
            start();
            await();
        }

        @Override
        public void writeWatermark(Watermark reached) {
            watermark = Math.max(watermark, reached.getTimestamp());
        }

        @Override
        public void close() {
            redis.close();
        }
    }
}
