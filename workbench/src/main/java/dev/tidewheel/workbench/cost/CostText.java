package dev.tidewheel.workbench.cost;

import dev.tidewheel.definitions.Bytes;
import dev.tidewheel.feature.view.ViewCost;
import dev.tidewheel.workbench.cost.CostReport.Job;
import dev.tidewheel.workbench.cost.CostReport.Service;
import dev.tidewheel.workbench.cost.CostReport.View;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.Comparator;

/** A {@link CostReport} for people. */
public final class CostText {
    private CostText() {}

    /** Prints the whole report. */
    public static void print(CostReport report, PrintWriter out) {
        out.printf(
                "%nEstimates for %,d busy keys per view, each with an event every %s s. A key with few events costs a"
                        + " fraction.%n",
                report.keys(),
                BigDecimal.valueOf(report.everyMillis(), 3).stripTrailingZeros().toPlainString());
        report.views().forEach(view -> print(view, out));
        for (Service service : report.services()) {
            out.printf(
                    "%nservice %s: a row reads %s, at most %s, and merges %,d partial aggregates, folds %,d rows%n",
                    service.name(),
                    Bytes.text(service.cost().bytesPerRead()),
                    Bytes.text(service.cost().mostBytesPerRead()),
                    service.cost().mergesPerRead(),
                    service.cost().rowsPerRead());
        }
        for (Job job : report.sources()) {
            out.printf(
                    "%nsource %s: one job with %d views holds %s; an event writes %s%n",
                    job.name(), job.views(), Bytes.text(job.bytesOfAllKeys()), Bytes.text(job.bytesPerEvent()));
            if (job.bytesToTell() > 0) {
                out.printf("  to tell the changelog it holds %s more%n", Bytes.text(job.bytesToTell()));
            }
        }
    }

    private static void print(View view, PrintWriter out) {
        out.printf(
                "%nview %s: a key takes %s, at most %s, an event writes %s, a read merges %,d and folds %,d rows; all keys %s%n",
                view.name(),
                Bytes.text(view.bytesPerKey()),
                Bytes.text(view.mostBytesPerKey()),
                Bytes.text(view.bytesPerEvent()),
                view.mergesPerRead(),
                view.rowsPerRead(),
                Bytes.text(view.bytesOfAllKeys()));
        view.parts().stream()
                .sorted(Comparator.comparingLong(ViewCost.Part::bytes).reversed())
                .forEach(part ->
                        out.printf("  %10s  %5d tiles  %s%n", Bytes.text(part.bytes()), part.tiles(), features(part)));
    }

    private static String features(ViewCost.Part part) {
        return part.features().isEmpty() ? "(where sessions begin and end)" : String.join(", ", part.features());
    }
}
