package dev.tidewheel.lifecycle.fold;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.lifecycle.policy.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How one version did on the gate's rows.
 *
 * @param rows labelled rows that it was judged on
 */
record GateFigures(String version, long rows, OptionalDouble logLoss, OptionalDouble brier) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Empty if it was not measured, or is no number. */
    OptionalDouble loss(Loss loss) {
        return switch (loss) {
            case LOG_LOSS -> logLoss;
            case BRIER -> brier;
        };
    }

    /**
     * Reads what a training reported.
     *
     * @return empty if it is no list of figures
     */
    static Optional<List<GateFigures>> parse(String json) {
        try {
            JsonNode all = JSON.readTree(json);
            if (!all.isArray()) {
                return Optional.empty();
            }
            List<GateFigures> figures = new ArrayList<>();
            all.forEach(one -> figures.add(new GateFigures(
                    one.path("version").asText(),
                    one.path("rows").asLong(),
                    number(one.path("logLoss")),
                    number(one.path("brier")))));
            return Optional.of(figures);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static OptionalDouble number(JsonNode node) {
        return node.isNumber() && Double.isFinite(node.doubleValue())
                ? OptionalDouble.of(node.doubleValue())
                : OptionalDouble.empty();
    }
}
