package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.window.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Finds what a value is made of. Slow beside {@link Reading}, and in the same order. */
final class Explainer {
    private final ViewPlan plan;
    private final TileSet[] base;
    private final Head head;
    private final long t;
    private final int feature;
    private final ViewPlan.Finish finish;
    private final ViewPlan.Cell cell;
    private final Tier tier;
    private final Tier.Slot slot;
    private final Reading reading;

    private Explainer(ViewPlan plan, TileSet[] base, Head head, long t, int feature) {
        this.plan = plan;
        this.base = base;
        this.head = head;
        this.t = t;
        this.feature = feature;
        finish = plan.finishes().get(feature);
        cell = plan.cells().get(finish.cell());
        tier = plan.tiers().get(cell.tier());
        slot = plan.slot(cell);
        reading = new Reading(plan, base, head, t);
    }

    static Explanation explain(ViewPlan plan, TileSet[] base, Head head, long t, int feature) {
        return new Explainer(plan, base, head, t, feature).explain();
    }

    private Explanation explain() {
        if (t < head.foldedThrough()) {
            return explanation(
                    cell.window().from(t),
                    "null",
                    Status.READ_POINT_PASSED,
                    "changes that became visible up to " + Instant.ofEpochMilli(head.foldedThrough())
                            + " are in tiles and cannot be left out: ask for that moment or a later one",
                    List.of());
        }
        Merged merged = reading.cells()[finish.cell()];
        Row out = new Row(plan.features().size());
        Status status = merged.finish(finish.aggregate(), out, feature);
        Extent extent = reading.extent(cell);
        List<Explanation.Part> parts = new ArrayList<>();
        addTiles(extent, merged, parts);
        addRaw(extent, merged, parts);
        return explanation(merged.at().from(), text(out), status, reason(extent, status, parts), parts);
    }

    private Explanation explanation(
            long from, String value, Status status, String reason, List<Explanation.Part> parts) {
        String name = plan.features().column(feature).name();
        return new Explanation(name, t, from, value, status, reason, parts);
    }

    private void addTiles(Extent extent, Merged merged, List<Explanation.Part> parts) {
        TileSet[] sets = {base[cell.tier()], head.deltas()[cell.tier()]};
        TreeSet<Long> tiles = new TreeSet<>();
        for (TileSet set : sets) {
            for (int at = set.position(extent.firstTile()); at < set.size() && extent.holds(set.index(at)); at++) {
                tiles.add(set.index(at));
            }
        }
        for (long tile : tiles) {
            Accumulator<?> total = slot.partial().create();
            for (TileSet set : sets) {
                set.mergeOne(total, cell.partial(), tile);
            }
            Accumulator<?> used = used(total, merged);
            if (!used.isIdentity()) {
                parts.add(new Explanation.Tile(tier.start(tile), tier.hopMillis(), used.describe()));
            }
        }
    }

    /** Of a tile's rows, those that the value is made of. */
    private Accumulator<?> used(Accumulator<?> total, Merged merged) {
        if (!(total instanceof RowsPartial.Rows rows) || rows.isTruncated()) {
            return total;
        }
        Accumulator<?> folded = finish.aggregate().partial().create();
        for (HeldRow row : rows.held()) {
            if (isUsed(row, merged)) {
                row.applyTo(folded);
            }
        }
        return folded;
    }

    private static boolean isUsed(HeldRow row, Merged merged) {
        boolean displaced = merged.total() instanceof RowsPartial.Rows rows
                && !rows.held().isEmpty()
                && row.compareTo(rows.held().get(0)) < 0;
        return !displaced && row.eventTime() >= merged.at().from();
    }

    private void addRaw(Extent extent, Merged merged, List<Explanation.Part> parts) {
        for (RawEntry entry : head.raw()) {
            if (entry.visibleAt() <= t && counts(entry, extent)) {
                Accumulator<?> alone = slot.partial().create();
                entry.applyTo(alone, slot.input());
                Accumulator<?> used = used(alone, merged);
                if (used == alone || !used.isIdentity()) {
                    parts.add(new Explanation.RawChange(
                            entry.id(), entry.retraction(), entry.eventTime(), entry.visibleAt(), used.describe()));
                }
            }
        }
    }

    private boolean counts(RawEntry entry, Extent extent) {
        return !entry.inputs().isNull(slot.input()) && extent.holds(tier.tile(entry.eventTime()));
    }

    private String reason(Extent extent, Status status, List<Explanation.Part> parts) {
        return switch (status) {
            case OK -> "made of " + parts.size() + (parts.size() == 1 ? " part" : " parts");
            case OVERFLOW -> "the integer result does not fit 64 bits";
            case TRUNCATED ->
                cell.window() instanceof Window.Exact exact
                        ? "more than " + exact.maxEvents()
                                + " changes in the tiles of the window, or more different values than"
                                + " the feature's limit"
                        : "more different values or categories than the feature's limit";
            case NULL -> parts.isEmpty() ? nothingVisible(extent) : "the parts balance to nothing";
            case NOT_FOUND, READ_POINT_PASSED, ERROR, UNAVAILABLE -> status.toString();
        };
    }

    private String nothingVisible(Extent extent) {
        long waiting = head.raw().stream()
                .filter(entry -> entry.visibleAt() > t && counts(entry, extent))
                .count();
        String nothing = "no change that counts has its event time in the window and is visible";
        return waiting == 0 ? nothing : nothing + " yet; " + waiting + " will be later";
    }

    private String text(Row out) {
        if (out.isNull(feature)) {
            return "null";
        }
        ColumnType type = plan.features().column(feature).type();
        return switch (type) {
            case STRING, JSON -> String.valueOf(out.getString(feature));
            case FLOAT64 -> Double.toString(out.getDouble(feature));
            case BOOL -> Boolean.toString(out.getBoolean(feature));
            case INT64, TIMESTAMP -> Long.toString(out.getLong(feature));
        };
    }
}
