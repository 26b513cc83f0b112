package dev.tidewheel.history.scan;

import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.SourceColumns;
import java.io.IOException;

/** A history that is in memory anyway. Thread-safe. */
public final class HistoryScan implements ChangeScan {
    private static final int BATCH = 4_096;

    private final ChangeHistory history;

    public HistoryScan(ChangeHistory history) {
        this.history = history;
    }

    @Override
    public SourceColumns columns() {
        return history.columns();
    }

    @Override
    public Origin origin() {
        return history.origin();
    }

    @Override
    public boolean isHeld() {
        return true;
    }

    @Override
    public void scan(ScanFilter filter, Share share, ChangeSink sink) throws IOException {
        ChangeBatch batch = new ChangeBatch(history.columns()).from(history.channels());
        for (int change = share.from(history.size()); change < share.to(history.size()); change++) {
            batch.append(history.row(change));
            if (history.isRetraction(change)) {
                batch.taken(history.channel(change), history.offset(change), history.knownTime(change), true);
            } else {
                batch.record(history.channel(change), history.offset(change), history.knownTime(change));
            }
            if (batch.size() == BATCH) {
                sink.take(batch);
                batch.clear();
            }
        }
        sink.take(batch);
    }
}
