package dev.tidewheel.history.scan;

import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.SourceColumns;
import java.io.IOException;

/** A source's history that is read through, as often as is wanted: each time the same records, in any order. Thread-safe. */
public interface ChangeScan {

    /** What the columns mean. */
    SourceColumns columns();

    /** Where the rows come from. */
    Origin origin();

    /** Whether all rows are in memory anyway, of which several that read shares would hold one copy each. */
    default boolean isHeld() {
        return false;
    }

    /**
     * Delivers all records of a share that the filter does not leave out. A record that was written twice may come twice.
     *
     * @param share which; all shares together are all records
     * @throws IOException if the source cannot be read, or the sink throws it
     */
    void scan(ScanFilter filter, Share share, ChangeSink sink) throws IOException;
}
