package dev.tidewheel.history.care;

import dev.tidewheel.runtime.config.Default;
import dev.tidewheel.runtime.config.OpsConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * A process that cares for the tables of a warehouse.
 *
 * @param policy what may be removed; {@link CarePolicy#DEFAULT} where it is missing
 * @param interval from the end of one round to the begin of the next
 * @param ops where metrics and health are served; nowhere where it is missing
 */
public record CareConfig(
        WarehouseConfig warehouse,
        Optional<CarePolicy> policy,
        @Default("10m") Duration interval,
        Optional<OpsConfig> ops) {
    public CareConfig {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("interval: must be positive: " + interval);
        }
    }
}
