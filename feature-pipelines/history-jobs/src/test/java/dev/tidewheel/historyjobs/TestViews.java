package dev.tidewheel.historyjobs;

import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.values.PastValues;
import dev.tidewheel.history.values.ViewPart.Terms;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Views of this JVM, which the cluster of a test shares: only their number travels. */
record TestViews(String name) implements ClusterViews {
    private static final Map<String, List<PastValues.View>> ALL = new ConcurrentHashMap<>();

    static TestViews of(String name, List<PastValues.View> views) {
        ALL.put(name, views);
        return new TestViews(name);
    }

    private PastValues.View view(int number) {
        return Objects.requireNonNull(ALL.get(name)).get(number);
    }

    @Override
    public Terms terms(int number) {
        PastValues.View view = view(number);
        return new Terms(view.plan(), view.scan().columns(), view.known());
    }

    @Override
    public OpenScan open(int number) {
        ChangeScan scan = view(number).scan();
        return new OpenScan() {
            @Override
            public ChangeScan scan() {
                return scan;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public boolean isHeld(int number) {
        return false;
    }
}
