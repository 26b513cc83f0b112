package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.view.Version;
import dev.tidewheel.jobs.TestFlights;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class KeyStatesTest {
    private static final StageView FIRST = new StageView(TestFlights.originPlan(), 1);
    private static final StageView SECOND = new StageView(TestFlights.routePlan(), 1);

    /** The views of a stage may know different keys: one of them was added, under a name that sorts first. */
    @Test
    void everyKeyThatAnyViewKnowsIsVisitedOnce() throws Exception {
        Visits visits = new Visits();
        try (var harness = new KeyedOneInputStreamOperatorTestHarness<>(visits, key -> key, Types.STRING)) {
            harness.open();
            harness.processElement(new StreamRecord<>("second only"));
            harness.processElement(new StreamRecord<>("both"));

            assertThat(visits.visited()).containsExactlyInAnyOrder("both", "second only");
        }
    }

    /** Gives the second view a state of every key, the first one only where the key says so. */
    @SuppressWarnings("serial") // Stays in this JVM.
    private static final class Visits extends AbstractStreamOperator<String>
            implements OneInputStreamOperator<String, String> {
        private static final KeyEntry.Encoded SOMETHING =
                new KeyEntry.Encoded(Version.NONE, new byte[0], new byte[] {1}, false, KeyEntry.Encoded.UNKNOWN);

        @Override
        public void processElement(StreamRecord<String> element) throws Exception {
            KeyStates states = states();
            states.save(1, SOMETHING);
            if (element.getValue().equals("both")) {
                states.save(0, SOMETHING);
            }
        }

        List<String> visited() throws Exception {
            List<String> visited = new ArrayList<>();
            states().forEachKey(visited::add);
            return visited;
        }

        private KeyStates states() throws Exception {
            List<StageView> views = List.of(FIRST, SECOND);
            return new KeyStates(getKeyedStateBackend(), views, new StateSizes(views, new KeyGroupRange(0, 127), 128));
        }
    }
}
