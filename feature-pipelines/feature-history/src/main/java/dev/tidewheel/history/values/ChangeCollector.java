package dev.tidewheel.history.values;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.scan.ChangeBatch;
import dev.tidewheel.history.scan.ChangeSink;
import dev.tidewheel.history.source.EventIds;
import dev.tidewheel.history.source.KnownTimes;
import dev.tidewheel.history.spill.KeySorter;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Hands the changes of one view to a sorter, under their keys. Not thread-safe. */
final class ChangeCollector implements ChangeSink {
    private final ViewColumns columns;
    private final KnownTimes known;
    private final long visibleThrough;
    private final AskedKeys asked;
    private final KeySorter sorter;
    private final KeyColumns keys;
    private int[] taken = {}; // the records of a batch that were added
    private @Nullable EventIds ids;

    ChangeCollector(
            ViewPlan plan,
            ViewColumns columns,
            KnownTimes known,
            long visibleThrough,
            AskedKeys asked,
            KeySorter sorter) {
        this.columns = columns;
        this.known = known;
        this.visibleThrough = visibleThrough;
        this.asked = asked;
        this.sorter = sorter;
        this.keys = new KeyColumns(plan.spec().entity(), columns.source().schema());
    }

    /** What makes the changes themselves. */
    EventIds ids() {
        return Objects.requireNonNull(ids, "a scan delivers a batch, be it empty");
    }

    @Override
    public void take(ChangeBatch batch) throws IOException {
        if (ids == null) {
            ids = new EventIds(columns.source(), batch.channels());
        }
        int count = 0;
        if (taken.length < batch.size()) {
            taken = new int[batch.size()];
        }
        for (int record = 0; record < batch.size(); record++) {
            if (batch.isChange(record) && keys.has(batch, record) && add(batch, record)) {
                taken[count++] = record;
            }
        }
        if (columns.declaresIds()) {
            sorter.column(ViewColumns.ID).appendFrom(batch.column(columns.idSlot()), taken, count);
        }
        for (int n = 0; n < columns.read(); n++) {
            sorter.column(columns.place(n)).appendFrom(batch.column(columns.slot(n)), taken, count);
        }
        sorter.collected();
    }

    /** Adds a change if anybody asks about it; those of its values that are columns of the batch follow. */
    private boolean add(ChangeBatch batch, int record) throws IOException {
        long eventTime = batch.eventTime(record);
        long knownTime = known.of(eventTime, batch.knownTime(record));
        long visibleAt = Change.visibleAt(eventTime, knownTime);
        if (knownTime == KnownTimes.NEVER || visibleAt > visibleThrough || !addKey(batch, record, visibleAt)) {
            return false;
        }
        sorter.column(ViewColumns.EVENT_TIME).appendWord(eventTime);
        sorter.column(ViewColumns.KNOWN_TIME).appendWord(knownTime);
        return true;
    }

    private boolean addKey(ChangeBatch batch, int record, long visibleAt) throws IOException {
        int channel = batch.channel(record);
        long place = ChangePlace.of(batch.offset(record), batch.isRetraction(record));
        if (keys.isNumber()) {
            long key = keys.number(batch, record);
            if (asked.mayHave(key)) {
                sorter.add(key, visibleAt, channel, place);
                return true;
            }
        } else {
            String key = keys.text(batch, record);
            if (asked.mayHave(key)) {
                sorter.add(key, visibleAt, channel, place);
                return true;
            }
        }
        return false;
    }
}
