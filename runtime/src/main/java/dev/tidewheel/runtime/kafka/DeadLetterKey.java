package dev.tidewheel.runtime.kafka;

import dev.tidewheel.records.DeadLetter;

/** What tells dead letters apart, and is the Kafka key of each: so a compacted topic keeps all of them, each once. */
public final class DeadLetterKey {
    private DeadLetterKey() {}

    /** Where the record stood, {@code topic/partition/offset}, and who refused it, {@code /stage/view}. */
    public static String of(DeadLetter letter) {
        return letter.getTopic() + "/" + letter.getPartition() + "/" + letter.getOffset() + "/" + letter.getStage()
                + "/" + (letter.getView() == null ? "" : letter.getView());
    }
}
