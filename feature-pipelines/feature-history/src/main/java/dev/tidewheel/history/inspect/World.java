package dev.tidewheel.history.inspect;

import dev.tidewheel.drift.blocks.BlockedAuc;
import dev.tidewheel.drift.blocks.Blocks;
import dev.tidewheel.history.training.TrainingSet;
import java.io.IOException;

/** The questions of a sample as one world answers them. */
interface World {

    /**
     * How a numeric column orders the label in it.
     *
     * @param blocks of the sample's rows
     */
    BlockedAuc auc(String column, Blocks blocks) throws IOException;

    /** That of the set itself. */
    static World of(TrainingSet set, SetSample sample, double[] labels) {
        return (column, blocks) -> BlockedAuc.of(sample.of(set.numbers(column)), labels, blocks);
    }

    /** That of the sample's rows, in their order, built anew. */
    static World of(TrainingSet rebuilt) {
        return (column, blocks) -> BlockedAuc.of(rebuilt.numbers(column), rebuilt.labels(), blocks);
    }
}
