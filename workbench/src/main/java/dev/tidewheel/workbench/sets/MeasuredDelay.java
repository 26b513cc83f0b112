package dev.tidewheel.workbench.sets;

import dev.tidewheel.history.parity.ParityReport;
import dev.tidewheel.history.parity.ParitySettings;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.inspect.RunReader;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.stack.RunDirectory;
import java.time.Duration;

/** How far behind the store of a run was, by what the run has served. */
public final class MeasuredDelay {
    private MeasuredDelay() {}

    /**
     * The 99th percentile of a run, of the view for which it is greatest.
     *
     * @throws WorkbenchException if the run has served nothing
     */
    public static Duration of(RunDirectory run) throws InterruptedException {
        // The bound decides what is untimely, not how far behind reads were.
        ParitySettings settings =
                new ParitySettings(Duration.ZERO, 0, Runtime.getRuntime().availableProcessors());
        try (RunReader reader = RunReader.open(Checkout.find(), run)) {
            return of(reader.parity(settings), run.root().getFileName().toString());
        }
    }

    /** @param run for the message */
    static Duration of(ParityReport report, String run) {
        long judged = report.views().stream()
                .mapToLong(view -> view.vectors() - view.unserved() - view.erased())
                .sum();
        if (judged == 0) {
            throw new WorkbenchException("run " + run + " has served nothing, so nothing says how far behind its store"
                    + " was: give --serving-delay a time");
        }
        return Duration.ofMillis(report.views().stream()
                .mapToLong(view -> view.lagMillis().p99())
                .max()
                .orElseThrow());
    }
}
