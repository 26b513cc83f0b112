package dev.tidewheel.history.parity;

import dev.tidewheel.history.served.Cut;
import dev.tidewheel.records.Inference;
import java.util.ArrayList;
import java.util.List;

/** The first unexplained differences, up to a bound. Not thread-safe. */
final class Differences {
    private final int listed;
    private final List<Difference> differences = new ArrayList<>();

    Differences(int listed) {
        this.listed = listed;
    }

    void list(Inference inference, String view, String key, String column, String served, String expected, Cut cut) {
        if (differences.size() < listed) {
            differences.add(new Difference(
                    inference.getRequestId(),
                    inference.getRow(),
                    inference.getArm(),
                    inference.getT(),
                    view,
                    key,
                    column,
                    served,
                    expected,
                    cut.toString()));
        }
    }

    List<Difference> all() {
        return List.copyOf(differences);
    }
}
