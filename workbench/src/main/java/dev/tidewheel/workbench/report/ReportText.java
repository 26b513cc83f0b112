package dev.tidewheel.workbench.report;

import dev.tidewheel.workbench.report.Report.BookEntry;
import dev.tidewheel.workbench.report.Report.Models;
import dev.tidewheel.workbench.report.Report.Parity;
import dev.tidewheel.workbench.report.Report.Percentiles;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The report for a terminal: plain text, 80 columns, no colours. */
public final class ReportText {
    private final List<String> lines = new ArrayList<>();

    private ReportText() {}

    public static String render(Report report) {
        ReportText text = new ReportText();
        text.head(report);
        text.traffic(report);
        text.books(report.books());
        report.parity().ifPresent(text::parity);
        report.models().ifPresent(text::models);
        report.control().ifPresent(control -> text.lines.addAll(ControlText.lines(control)));
        text.verdict(report);
        return String.join("\n", text.lines) + "\n";
    }

    private void head(Report report) {
        Report.Story story = report.story();
        String outcome = report.outcome() == Report.Outcome.COMPLETE ? "" : "  (stopped early)";
        line("Story      " + Figures.moment(story.from()) + " to " + Figures.moment(story.reached()) + outcome);
        line("           in ticks of " + story.tickSeconds() + " s"
                + (story.exact() ? ", every question with all that was known at its moment" : ""));
        StringBuilder phases = new StringBuilder();
        report.phases()
                .forEach(phase -> phases.append(phases.isEmpty() ? "" : ", ")
                        .append(phase.name())
                        .append(' ')
                        .append(Figures.seconds(phase.seconds())));
        line("Time       " + phases);
        line("");
    }

    private void traffic(Report report) {
        Report.Events events = report.events();
        line("Events     " + Figures.count(events.sent()) + " in, of which history " + Figures.count(events.history())
                + " at " + Figures.rate(events.perSecond()));
        line("Features   " + Figures.count(events.featuresWritten()) + " states written");
        line("Freshness  " + percentiles(events.freshness()) + "  (event sent to feature stored)");
        Report.Serving serving = report.serving();
        line("Requests   " + Figures.count(serving.requests()) + " scored at " + Figures.rate(serving.perSecond())
                + (serving.retried() > 0 ? ", " + Figures.count(serving.retried()) + " asked again" : ""));
        line("Latency    " + percentiles(serving.latency()) + "  (as the caller saw it)");
        line("Labels     " + Figures.count(serving.labels()));
        if (!report.restarts().isEmpty()) {
            line("Restarts   " + new TreeMap<>(report.restarts()));
        }
        line("");
    }

    private void books(List<BookEntry> books) {
        long balanced = books.stream().filter(BookEntry::balanced).count();
        line("Books      " + balanced + " of " + books.size() + " sums balance");
        books.stream()
                .filter(entry -> !entry.balanced())
                .forEach(entry -> line("           WRONG " + entry.rule() + ": " + Figures.count(entry.left())
                        + " against " + Figures.count(entry.right())));
        line("");
    }

    private void parity(Parity parity) {
        line("Parity     " + Figures.count(parity.values()) + " values in " + Figures.count(parity.vectors())
                + " vectors recomputed: " + Figures.count(parity.unexplained()) + " unexplained, "
                + Figures.count(parity.pending()) + " pending");
        line("           " + Figures.count(parity.unserved()) + " rows never served, " + Figures.count(parity.absent())
                + " reads of keys not known yet, " + Figures.count(parity.freed()) + " without freed changes");
        line("Timely     " + Figures.count(parity.untimely()) + " reads miss a change known for more than "
                + parity.boundSeconds() + " s");
        line("");
    }

    private void models(Models models) {
        line("AUC        on the same " + Figures.count(models.scored()) + " flights, trained on "
                + Figures.count(models.trainingRows()) + " flights before them");
        line("             naive join, offline                 " + Figures.auc(models.naiveOffline()));
        line("             point in time, offline              " + Figures.auc(models.pointInTimeOffline()));
        line("             trained naively, served honestly    " + Figures.auc(models.naiveServed()));
        line("             online, in this run                 " + Figures.auc(models.online()));
        models.beyond().ifPresent(this::beyond);
        line("           The naive join would have flattered the model by " + Figures.auc(models.flattery()) + ".");
        line("");
    }

    private void beyond(Report.Beyond beyond) {
        line("           on all " + Figures.count(beyond.flights()) + " flights from " + Figures.moment(beyond.from())
                + " to " + Figures.moment(beyond.to()));
        line("             naive join, offline                 " + Figures.auc(beyond.naive()));
        line("             point in time, offline              " + Figures.auc(beyond.pointInTime()));
        line("             trained naively, served honestly    " + Figures.auc(beyond.naiveServed()));
    }

    private void verdict(Report report) {
        line(
                report.sound()
                        ? "All books balance; every served value is explained."
                        : "NOT SOUND: books do not balance, or values are unexplained, late or were never served,"
                                + " see above.");
    }

    static String percentiles(Percentiles of) {
        return of.count() == 0
                ? "not measured"
                : "p50 " + Figures.millis(of.p50()) + ", p90 " + Figures.millis(of.p90()) + ", p99 "
                        + Figures.millis(of.p99()) + ", max " + Figures.millis(of.max());
    }

    private void line(String line) {
        lines.add(line);
    }
}
