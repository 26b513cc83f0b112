package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.aggregate.ReadPoint;
import dev.tidewheel.feature.window.Window;
import java.util.HashMap;
import java.util.Map;

/** Merges what a state holds into the cells of one read. */
@SuppressWarnings("ArrayRecordComponent") // Lives for one read, compared with nothing.
record Reading(ViewPlan plan, TileSet[] base, Head head, long t) {

    /** One per cell of the plan. */
    Merged[] cells() {
        Merged[] merged = new Merged[plan.cells().size()];
        Map<Window, Extent> sessions = new HashMap<>(); // to be walked once for all that share one
        for (int i = 0; i < merged.length; i++) {
            ViewPlan.Cell cell = plan.cells().get(i);
            boolean isSession = cell.window() instanceof Window.Session;
            Extent extent = isSession ? sessions.computeIfAbsent(cell.window(), window -> extent(cell)) : extent(cell);
            merged[i] = merge(cell, extent);
        }
        return merged;
    }

    /** The tiles that a cell is made of. */
    Extent extent(ViewPlan.Cell cell) {
        Tier tier = plan.tiers().get(cell.tier());
        if (cell.window() instanceof Window.Session session) {
            TileSet deltas = head.deltas()[cell.tier()];
            return new SessionWalk(tier, tier.span(), base[cell.tier()], deltas, head, t).at(session, t);
        }
        return Extent.of(tier, cell.window(), t);
    }

    private Merged merge(ViewPlan.Cell cell, Extent extent) {
        Tier tier = plan.tiers().get(cell.tier());
        Tier.Slot slot = tier.partials().get(cell.partial());
        Accumulator<?> total = slot.partial().create();
        base[cell.tier()].mergeInto(total, cell.partial(), extent.firstTile(), extent.endTile());
        head.deltas()[cell.tier()].mergeInto(total, cell.partial(), extent.firstTile(), extent.endTile());
        for (RawEntry entry : head.raw()) {
            if (entry.visibleAt() > t) {
                break;
            }
            if (!entry.inputs().isNull(slot.input()) && extent.holds(tier.tile(entry.eventTime()))) {
                entry.applyTo(total, slot.input());
            }
        }
        return new Merged(total, point(cell, extent, total));
    }

    /** Of the last rows, only the rows themselves say how far back they reach. */
    private static ReadPoint point(ViewPlan.Cell cell, Extent extent, Accumulator<?> total) {
        boolean isRows = cell.window() instanceof Window.Rows;
        if (!isRows || !(total instanceof RowsPartial.Rows rows) || rows.held().isEmpty()) {
            return extent.at();
        }
        return new ReadPoint(extent.at().t(), rows.held().get(0).eventTime());
    }
}
