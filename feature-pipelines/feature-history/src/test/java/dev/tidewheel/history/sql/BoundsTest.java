package dev.tidewheel.history.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.aggregate.Parameters;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the bounds let pass, and what they find. */
class BoundsTest {
    /** Of ten values, an estimate may be 10/4 too low. */
    private static final Parameters THREE = Parameters.of(Map.of("counters", 3.0, "k", 2.0));

    private static final String COUNTED = "ORD,LAX,DEN/5,3,2";

    @ParameterizedTest
    @ValueSource(strings = {"[[\"ORD\",5],[\"LAX\",3]]", "[[\"ORD\",3],[\"LAX\",1]]", "[[\"ORD\",4],[\"DEN\",2]]"})
    void listsWithinTheBound(String listed) {
        assertThat(Bounds.frequent(listed, COUNTED, THREE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[\"ORD\",6],[\"LAX\",3]]",
                "[[\"ORD\",2],[\"LAX\",1]]",
                "[[\"LAX\",3],[\"ORD\",5]]",
                "[[\"ORD\",5],[\"SFO\",1]]",
                "[[\"LAX\",2],[\"DEN\",2]]",
                "[[\"LAX\",3]]",
                "[]",
                "[[\"ORD\",5],[\"LAX\",3],[\"DEN\",2]]"
            })
    void listsBeyondIt(String listed) {
        assertThat(Bounds.frequent(listed, COUNTED, THREE)).isPresent();
    }

    @Test
    void estimatesOfDifferentValues() {
        Parameters precision = Parameters.of(Map.of("precision", 10.0)); // 3.25 % each standard error
        assertThat(Bounds.isNear(1_100, 1_000, precision)).isTrue();
        assertThat(Bounds.isNear(1_200, 1_000, precision)).isFalse();
        assertThat(Bounds.isNear(2, 3, precision)).isTrue();
        assertThat(Bounds.isNear(1, 3, precision)).isFalse();
    }
}
