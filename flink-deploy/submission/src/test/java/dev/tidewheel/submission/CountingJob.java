package dev.tidewheel.submission;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A job that counts slowly and never ends; or one whose main fails, when told so. */
public final class CountingJob {
    private static final double PER_SECOND = 1_000;

    private CountingJob() {}

    /** @param arguments the checkpoint directory, or {@code fail} */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("fail")) {
            throw new IllegalArgumentException("told to fail");
        }
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.NAME, "counting");
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(50));
        settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "file://" + arguments[0]);
        settings.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        environment
                .fromSource(numbers(), WatermarkStrategy.noWatermarks(), "numbers")
                .sinkTo(new DiscardingSink<>());
        environment.execute();
    }

    private static DataGeneratorSource<Long> numbers() {
        return new DataGeneratorSource<>(
                number -> number, Long.MAX_VALUE, RateLimiterStrategy.perSecond(PER_SECOND), Types.LONG);
    }
}
