package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;

/** Merges what a state holds into the cells of one read. */
@SuppressWarnings("ArrayRecordComponent") // Lives for one read, compared with nothing.
record Reading(ViewPlan plan, TileSet[] base, Head head, long t) {

    /** One accumulator per cell of the plan. */
    Accumulator<?>[] cells() {
        Accumulator<?>[] merged = new Accumulator<?>[plan.cells().size()];
        for (int i = 0; i < merged.length; i++) {
            merged[i] = merge(plan.cells().get(i));
        }
        return merged;
    }

    private Accumulator<?> merge(ViewPlan.Cell cell) {
        Tier tier = plan.tiers().get(cell.tier());
        Tier.Slot slot = tier.partials().get(cell.partial());
        long firstTile = tier.firstTile(t, cell.lengthMillis());
        Accumulator<?> total = slot.partial().create();
        base[cell.tier()].mergeInto(total, cell.partial(), firstTile);
        head.deltas()[cell.tier()].mergeInto(total, cell.partial(), firstTile);
        for (RawEntry entry : head.raw()) {
            if (entry.visibleAt() > t) {
                break;
            }
            if (!entry.inputs().isNull(slot.input()) && tier.tile(entry.eventTime()) >= firstTile) {
                entry.applyTo(total, slot.input());
            }
        }
        return total;
    }
}
