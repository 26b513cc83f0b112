package dev.tidewheel.workbench.cli;

import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.sets.Earlier;
import dev.tidewheel.workbench.sets.MeasuredDelay;
import dev.tidewheel.workbench.sets.ServingDelay;
import dev.tidewheel.workbench.stack.RunDirectory;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** By how much serving was behind. */
final class DelayOption {
    private static final String MEASURED = "measured-p99";

    @Option(
            names = "--serving-delay",
            paramLabel = "DURATION",
            description = "Questions see only what was visible so long before them: a store that is behind"
                    + " (default: 0s). " + MEASURED + ": as the run's was, by all that it has served.")
    private String delay = "0s";

    /**
     * @param earlier a set whose data are read again: what was measured for it is not measured again
     * @param run whose store it was
     * @throws WorkbenchException if nothing was measured
     */
    ServingDelay delay(Optional<Earlier> earlier, Optional<RunDirectory> run) throws InterruptedException {
        if (!delay.equals(MEASURED)) {
            return new ServingDelay(given(), false);
        }
        // One that was given is not taken for measured: then the sets are not the same, and the builder says so.
        Duration measured = earlier.isPresent()
                ? earlier.get().servingDelay()
                : MeasuredDelay.of(run.orElseThrow(() -> new WorkbenchException(
                        "--serving-delay " + MEASURED + " is that of a run: say which with --run, or give a time")));
        return new ServingDelay(measured, true);
    }

    private Duration given() {
        try {
            return new DurationConverter().convert(delay);
        } catch (TypeConversionException e) {
            throw new WorkbenchException("--serving-delay " + delay + ": " + e.getMessage(), e);
        }
    }
}
