package dev.tidewheel.jobs.chain;

import dev.tidewheel.definitions.Upstream;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.source.SourceLayout;
import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.util.function.SerializableSupplier;

/**
 * A view whose changelog is told to a topic. Travels in the job graph.
 *
 * @param topic where to; it holds this changelog and no other
 * @param origin the source that the view reads
 * @param horizonMillis the source's
 * @param columns gives the source's columns where the job runs
 * @param view the view's name
 * @param plan compiles the view where the job runs
 */
public record ChainSpec(
        String topic,
        SourceLayout origin,
        long horizonMillis,
        SerializableSupplier<RowSchema> columns,
        String view,
        SerializableSupplier<ViewPlan> plan)
        implements Serializable {
    public ChainSpec {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(columns, "columns");
        Objects.requireNonNull(view, "view");
        Objects.requireNonNull(plan, "plan");
    }

    /** Names its operators: the same for as long as the topic lives, whoever reads it. */
    public String id() {
        return topic.startsWith(Upstream.TOPICS) ? topic.substring(Upstream.TOPICS.length()) : topic;
    }
}
