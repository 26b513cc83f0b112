package dev.tidewheel.workbench.cli;

import dev.tidewheel.history.care.CareReport;
import dev.tidewheel.history.care.TableHealth;
import dev.tidewheel.history.care.WarehouseCare.Round;
import dev.tidewheel.runtime.config.DataSize;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A round of table care, for people. */
final class CareText {
    private CareText() {}

    static String of(Round round) {
        List<String> lines = new ArrayList<>();
        round.done().forEach(report -> add(report, lines));
        new TreeMap<>(round.failed()).forEach((table, why) -> lines.add(table + ": failed: " + why));
        return lines.isEmpty() ? "there is no table yet" : String.join("\n", lines);
    }

    private static void add(CareReport report, List<String> lines) {
        TableHealth health = report.health();
        lines.add(String.format(
                "%s: %,d files (%,d small), %,d of deletes, %,d snapshots, %,d manifests, %,d bytes of metadata",
                report.table(),
                health.files(),
                health.smallFiles(),
                health.deleteFiles(),
                health.snapshots(),
                health.manifests(),
                health.metadataBytes()));
        lines.add(String.format(
                "    %,d snapshots expired; %,d files written into %,d; %,d manifests written together; %,d orphans (%s)"
                        + " removed; %,d conflicts",
                report.expired(),
                report.filesFrom(),
                report.filesInto(),
                report.manifests(),
                report.orphans(),
                new DataSize(report.orphanBytes()),
                report.conflicts()));
        report.releasedTags().forEach(tag -> lines.add("    tag " + tag + " was too old and is released"));
        health.tags()
                .forEach((tag, at) ->
                        lines.add("    tag " + tag + " holds the snapshot of " + Instant.ofEpochMilli(at)));
        report.unfinished()
                .forEach(step -> lines.add("    " + step + " met commits of others: left for the next round"));
    }
}
