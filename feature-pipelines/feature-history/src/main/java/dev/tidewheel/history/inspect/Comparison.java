package dev.tidewheel.history.inspect;

import dev.tidewheel.drift.blocks.BlockedAuc;
import dev.tidewheel.drift.blocks.Blocks;
import dev.tidewheel.drift.blocks.Rise;
import java.io.IOException;
import java.util.Optional;

/**
 * The worlds that a set's questions were asked in.
 *
 * @param own the set's
 * @param serving what serving could know; the set's own where it is built so
 * @param eventTime what a join on event times knows
 * @param hindsight what was known a week later
 * @param isServing whether the set's world is serving's
 */
record Comparison(World own, World serving, World eventTime, World hindsight, boolean isServing) {

    /** How many worlds each column is compared in. */
    int worlds() {
        return isServing ? 2 : 3;
    }

    Rises of(String column, Blocks blocks, double quantile, long seed) throws IOException {
        BlockedAuc served = serving.auc(column, blocks);
        Rise event = Rise.between(served, eventTime.auc(column, blocks), blocks, quantile, seed);
        Rise later = Rise.between(served, hindsight.auc(column, blocks), blocks, quantile, seed);
        Optional<Rise> here = isServing
                ? Optional.empty()
                : Optional.of(Rise.between(served, own.auc(column, blocks), blocks, quantile, seed));
        return new Rises(here, event, later);
    }

    record Rises(Optional<Rise> own, Rise eventTime, Rise hindsight) {}
}
