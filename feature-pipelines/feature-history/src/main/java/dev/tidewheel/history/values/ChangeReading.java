package dev.tidewheel.history.values;

import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.scan.Share;
import dev.tidewheel.history.source.EventIds;
import dev.tidewheel.history.source.KnownTimes;
import dev.tidewheel.history.spill.KeySorter;
import dev.tidewheel.history.spill.SortedKeys;
import dev.tidewheel.history.spill.Spilling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Reads the changes of one view by several threads, each into a sorter of its own. Close it when they were played. */
final class ChangeReading implements AutoCloseable {
    private final ChangeScan scan;
    private final ScanFilter filter;
    private final List<KeySorter> sorters = new ArrayList<>();
    private final List<ChangeCollector> collectors = new ArrayList<>();

    ChangeReading(
            PastValues.View view,
            ViewColumns columns,
            AskedKeys asked,
            Moments moments,
            int threads,
            Spilling spilling) {
        ViewPlan plan = view.plan();
        KnownTimes known = view.known();
        this.scan = view.scan();
        this.filter = columns.filter(plan, known, moments);
        for (int thread = 0; thread < threads; thread++) {
            KeySorter sorter = ViewPlay.changeSorter(columns, spilling.share(threads));
            sorters.add(sorter);
            collectors.add(new ChangeCollector(plan, columns, known, moments.visibleThrough(), asked, sorter));
        }
    }

    /** What the threads have to do; each gives its share, sorted. */
    List<Callable<SortedKeys>> shares() {
        List<Callable<SortedKeys>> shares = new ArrayList<>();
        for (int number = 0; number < sorters.size(); number++) {
            Share share = new Share(number, sorters.size());
            shares.add(() -> {
                scan.scan(filter, share, collectors.get(share.number()));
                return sorters.get(share.number()).sorted();
            });
        }
        return shares;
    }

    /** What makes the changes themselves, after they were read. */
    EventIds ids() {
        return collectors.get(0).ids();
    }

    @Override
    public void close() throws IOException {
        for (KeySorter sorter : sorters) {
            sorter.close();
        }
    }
}
