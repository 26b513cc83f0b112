package dev.tidewheel.benchmarks;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;

/** Lets Flink SQL write through {@link RedisSink}: {@code 'connector' = 'redis-values'}. */
public final class RedisTableFactory implements DynamicTableSinkFactory {
    private static final ConfigOption<String> RUN =
            ConfigOptions.key("run").stringType().noDefaultValue();
    private static final ConfigOption<String> NAME =
            ConfigOptions.key("name").stringType().noDefaultValue();
    private static final ConfigOption<String> REDIS =
            ConfigOptions.key("redis").stringType().noDefaultValue();

    /** A value as it is stored: time, count, sum, mean and greatest. */
    record Value(long at, long count, long sum, double mean, long max) {
        byte[] bytes() {
            return ByteBuffer.allocate(5 * Long.BYTES)
                    .putLong(at)
                    .putLong(count)
                    .putLong(sum)
                    .putDouble(mean)
                    .putLong(max)
                    .array();
        }

        static Value of(byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new Value(
                    buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getDouble(), buffer.getLong());
        }
    }

    @Override
    public String factoryIdentifier() {
        return "redis-values";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(RUN, NAME, REDIS);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of();
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        helper.validate();
        return new Table(
                helper.getOptions().get(RUN),
                helper.getOptions().get(NAME),
                URI.create(helper.getOptions().get(REDIS)));
    }

    private record Table(String run, String name, URI redis) implements DynamicTableSink {
        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            return ChangelogMode.insertOnly();
        }

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
            return SinkV2Provider.of(new RedisSink<>(run, name, redis, true, new Columns(name)));
        }

        @Override
        public DynamicTableSink copy() {
            return this;
        }

        @Override
        public String asSummaryString() {
            return "Redis";
        }
    }

    private record Columns(String name) implements RedisSink.Format<RowData> {
        private static final long serialVersionUID = 1L;

        @Override
        public String key(RowData row) {
            return name + ":" + row.getString(0);
        }

        @Override
        public byte[] value(RowData row) {
            return new Value(
                            row.getTimestamp(1, 3).getMillisecond(),
                            row.getLong(2),
                            row.getLong(3),
                            row.getDouble(4),
                            row.getLong(5))
                    .bytes();
        }
    }
}
