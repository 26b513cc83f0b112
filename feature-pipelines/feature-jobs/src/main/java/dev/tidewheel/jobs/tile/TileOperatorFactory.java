package dev.tidewheel.jobs.tile;

import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.route.Routed;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Builds the keyed stage's operator where it runs. */
public final class TileOperatorFactory extends AbstractStreamOperatorFactory<Refusal>
        implements OneInputStreamOperatorFactory<Routed, Refusal> {
    private static final long serialVersionUID = 1L;

    private final StageSpec stage;
    private final StageConnector connector;

    public TileOperatorFactory(StageSpec stage, StageConnector connector) {
        this.stage = stage;
        this.connector = connector;
    }

    @Override
    public <T extends StreamOperator<Refusal>> T createStreamOperator(StreamOperatorParameters<Refusal> parameters) {
        @SuppressWarnings("unchecked") // Flink's signature: the caller knows the factory that it asks.
        T operator = (T) new TileOperator(parameters, stage, connector);
        return operator;
    }

    @Override
    @SuppressWarnings("rawtypes") // Flink's signature.
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return TileOperator.class;
    }
}
