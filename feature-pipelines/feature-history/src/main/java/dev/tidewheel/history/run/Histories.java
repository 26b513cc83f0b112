package dev.tidewheel.history.run;

import dev.tidewheel.definitions.Source;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Erased;
import dev.tidewheel.history.training.TrainingSetManifest.ImportOf;
import java.util.List;
import java.util.Optional;

/** Where the histories of sources are read from. Not thread-safe. */
public interface Histories {

    /**
     * The newest snapshot of a source; empty where there are none, because it is a file.
     *
     * @throws IllegalArgumentException if nothing was committed yet, or nobody says where the source is
     */
    Optional<Long> newest(Source source);

    /** Names a snapshot, so that it does not expire while somebody may want it again. */
    void tag(Source source, long snapshot, String tag);

    /** The same for a table that is no source's, such as one with questions. */
    void tag(String table, long snapshot, String tag);

    /**
     * What of a snapshot is not read any more, because it told of entities that are erased by now; empty if it is all there,
     * and for a file, of which nobody knows.
     */
    Optional<Erased> erased(Source source, long snapshot);

    /** What a snapshot has of imported history, in the order of the imports; nothing of a file. */
    List<ImportOf> imports(Source source, long snapshot);

    /**
     * How a source is read through.
     *
     * @param snapshot empty where there are none
     * @throws IllegalArgumentException if there is no such snapshot
     */
    ChangeScan scan(Source source, Optional<Long> snapshot);

    /**
     * Reads a source whole.
     *
     * @param snapshot empty where there are none
     * @throws IllegalArgumentException if there is no such snapshot
     */
    ChangeHistory read(Source source, Optional<Long> snapshot);
}
