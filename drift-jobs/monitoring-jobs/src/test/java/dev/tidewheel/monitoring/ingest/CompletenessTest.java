package dev.tidewheel.monitoring.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.monitoring.ingest.Completeness.Moment;
import dev.tidewheel.monitoring.log.Log;
import dev.tidewheel.monitoring.log.Offsets;
import org.junit.jupiter.api.Test;

class CompletenessTest {
    private final Completeness completeness = new Completeness(10);

    @Test
    void aMomentIsCompleteOnceEverythingBeforeItIsRead() {
        completeness.moment(new Moment(20, 1));
        assertThat(completeness.wantsEnds()).isTrue();
        completeness.ends(ends(Log.INFERENCES, 2));
        assertThat(completeness.wantsEnds()).isFalse();
        completeness.read(Log.INFERENCES, 0, 0);
        assertThat(completeness.complete()).isNull();

        completeness.read(Log.INFERENCES, 0, 1);

        assertThat(completeness.complete()).isEqualTo(new Moment(20, 1));
        assertThat(completeness.complete()).isNull();
    }

    @Test
    void anEmptyTopicHoldsNothingUp() {
        completeness.moment(new Moment(20, 1));
        completeness.ends(new Offsets());

        assertThat(completeness.complete()).isEqualTo(new Moment(20, 1));
    }

    @Test
    void momentsWithinAStepArePassedOver() {
        completeness.moment(new Moment(20, 1));
        completeness.moment(new Moment(29, 2));
        completeness.moment(new Moment(30, 3));
        completeness.ends(new Offsets());

        assertThat(completeness.complete()).isEqualTo(new Moment(20, 1));
        assertThat(completeness.complete()).isEqualTo(new Moment(30, 3));
        assertThat(completeness.complete()).isNull();
    }

    @Test
    void oneAnswerServesAllMomentsThatWereReadBefore() {
        completeness.moment(new Moment(20, 1));
        completeness.moment(new Moment(30, 2));
        completeness.ends(ends(Log.LABELS, 1));
        completeness.moment(new Moment(40, 3));
        completeness.read(Log.LABELS, 0, 0);

        assertThat(completeness.complete()).isEqualTo(new Moment(20, 1));
        assertThat(completeness.complete()).isEqualTo(new Moment(30, 2));
        assertThat(completeness.complete()).as("its ends may be further").isNull();
        assertThat(completeness.wantsEnds()).isTrue();
    }

    @Test
    void aRestoredOneAsksAgain() {
        completeness.moment(new Moment(20, 1));
        completeness.ends(ends(Log.LABELS, 5));
        completeness.read(Log.LABELS, 0, 0);
        Completeness restored = new Completeness(10);

        restored.restore(completeness.read().toLongs(), completeness.moments());

        assertThat(restored.read()).isEqualTo(completeness.read());
        assertThat(restored.wantsEnds()).isTrue();
        restored.ends(ends(Log.LABELS, 1));
        assertThat(restored.complete()).isEqualTo(new Moment(20, 1));
        restored.moment(new Moment(20, 1));
        assertThat(restored.wantsEnds()).as("the moment is known").isFalse();
    }

    private static Offsets ends(Log log, long next) {
        Offsets ends = new Offsets();
        ends.set(log, 0, next);
        return ends;
    }
}
