package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
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
    private final ViewPlan.Cell cell;
    private final Tier tier;
    private final Tier.Slot slot;
    private final long firstTile;

    private Explainer(ViewPlan plan, TileSet[] base, Head head, long t, int feature) {
        this.plan = plan;
        this.base = base;
        this.head = head;
        this.t = t;
        this.feature = feature;
        cell = plan.cells().get(plan.finishes().get(feature).cell());
        tier = plan.tiers().get(cell.tier());
        slot = plan.slot(cell);
        firstTile = tier.firstTile(t, cell.lengthMillis());
    }

    static Explanation explain(ViewPlan plan, TileSet[] base, Head head, long t, int feature) {
        return new Explainer(plan, base, head, t, feature).explain();
    }

    private Explanation explain() {
        if (t < head.foldedThrough()) {
            return explanation(
                    "null",
                    Status.READ_POINT_PASSED,
                    "changes that became visible up to " + Instant.ofEpochMilli(head.foldedThrough())
                            + " are in tiles and cannot be left out: ask for that moment or a later one",
                    List.of());
        }
        Accumulator<?>[] cells = new Reading(plan, base, head, t).cells();
        Row out = new Row(plan.features().size());
        Status status = plan.finishes().get(feature).apply(cells, plan.readPoint(cell, t), out, feature);
        List<Explanation.Part> parts = new ArrayList<>();
        addTiles(parts);
        addRaw(parts);
        return explanation(text(out), status, reason(status, parts), parts);
    }

    private Explanation explanation(String value, Status status, String reason, List<Explanation.Part> parts) {
        String name = plan.features().column(feature).name();
        return new Explanation(name, t, tier.start(firstTile), value, status, reason, parts);
    }

    private void addTiles(List<Explanation.Part> parts) {
        TileSet[] sets = {base[cell.tier()], head.deltas()[cell.tier()]};
        TreeSet<Long> tiles = new TreeSet<>();
        for (TileSet set : sets) {
            for (int at = set.position(firstTile); at < set.size(); at++) {
                tiles.add(set.index(at));
            }
        }
        for (long tile : tiles) {
            Accumulator<?> total = slot.partial().create();
            for (TileSet set : sets) {
                set.mergeOne(total, cell.partial(), tile);
            }
            if (!total.isIdentity()) {
                parts.add(new Explanation.Tile(tier.start(tile), tier.hopMillis(), total.describe()));
            }
        }
    }

    private void addRaw(List<Explanation.Part> parts) {
        for (RawEntry entry : head.raw()) {
            if (entry.visibleAt() <= t && counts(entry)) {
                Accumulator<?> alone = slot.partial().create();
                entry.applyTo(alone, slot.input());
                parts.add(new Explanation.RawChange(
                        entry.id(), entry.retraction(), entry.eventTime(), entry.visibleAt(), alone.describe()));
            }
        }
    }

    private boolean counts(RawEntry entry) {
        return !entry.inputs().isNull(slot.input()) && tier.tile(entry.eventTime()) >= firstTile;
    }

    private String reason(Status status, List<Explanation.Part> parts) {
        return switch (status) {
            case OK -> "made of " + parts.size() + (parts.size() == 1 ? " part" : " parts");
            case OVERFLOW -> "the integer result does not fit 64 bits";
            case TRUNCATED -> "more different values than the feature's limit";
            case NULL -> parts.isEmpty() ? nothingVisible() : "the parts balance to nothing";
            case NOT_FOUND, READ_POINT_PASSED, ERROR, UNAVAILABLE -> status.toString();
        };
    }

    private String nothingVisible() {
        long waiting = head.raw().stream()
                .filter(entry -> entry.visibleAt() > t && counts(entry))
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
