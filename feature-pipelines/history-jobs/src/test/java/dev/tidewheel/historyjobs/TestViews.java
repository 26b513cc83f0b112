package dev.tidewheel.historyjobs;

import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.values.PastValues;
import dev.tidewheel.history.values.ViewPart.Terms;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Views of this JVM, which the cluster of a test shares, and who hears of its steps: only names and numbers travel. */
record TestViews(String name) implements ClusterViews, Steps {
    private static final long serialVersionUID = 1L;
    private static final Map<String, Here> ALL = new ConcurrentHashMap<>();

    private record Here(List<PastValues.View> views, Consumer<Step> steps) {}

    /** @param steps called by the tasks' threads */
    static TestViews of(String name, List<PastValues.View> views, Consumer<Step> steps) {
        ALL.put(name, new Here(views, steps));
        return new TestViews(name);
    }

    private Here here() {
        return Objects.requireNonNull(ALL.get(name));
    }

    private PastValues.View view(int number) {
        return here().views.get(number);
    }

    @Override
    public void reached(Step step) {
        here().steps.accept(step);
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
        return view(number).scan().isHeld();
    }
}
