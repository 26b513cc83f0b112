package dev.tidewheel.history.run;

import dev.tidewheel.definitions.Source;
import dev.tidewheel.history.backfill.Imported;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Erased;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.training.TrainingSetManifest.ImportOf;
import dev.tidewheel.history.warehouse.RawTable;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.warehouse.RawTables;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** Histories from the raw tables that the feature jobs write. Not thread-safe. */
public final class WarehouseHistories implements Histories {
    private final Warehouse warehouse;

    public WarehouseHistories(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    @Override
    public Optional<Long> newest(Source source) {
        RawTable table = raw(source);
        return Optional.of(table.newestSnapshot()
                .orElseThrow(() ->
                        new IllegalArgumentException(table.name() + " has no snapshot yet: nothing was committed")));
    }

    @Override
    public void tag(Source source, long snapshot, String tag) {
        raw(source).tag(tag, snapshot);
    }

    @Override
    public void tag(String table, long snapshot, String tag) {
        warehouse.table(table).tag(tag, snapshot);
    }

    @Override
    public Optional<Erased> erased(Source source, long snapshot) {
        return raw(source).erased(snapshot);
    }

    @Override
    public List<ImportOf> imports(Source source, long snapshot) {
        List<Imported> all = Imported.of(warehouse.catalog().loadTable(RawTables.name(source.name())));
        if (all.isEmpty()) {
            return List.of();
        }
        Set<Integer> there = raw(source).nextOffsets(snapshot).keySet().stream()
                .map(TopicPartition::partition)
                .collect(Collectors.toSet());
        return all.stream()
                .filter(imported -> there.contains(imported.partition()))
                .map(imported -> new ImportOf(imported.number(), imported.rows(), imported.digest()))
                .toList();
    }

    @Override
    public ChangeScan scan(Source source, Optional<Long> snapshot) {
        return raw(source).scan(SourceColumns.of(source), snapshot.orElseThrow());
    }

    @Override
    public ChangeHistory read(Source source, Optional<Long> snapshot) {
        return raw(source).read(SourceColumns.of(source), snapshot.orElseThrow());
    }

    private RawTable raw(Source source) {
        if (!warehouse.hasRaw(source.name())) {
            throw new IllegalArgumentException("source '" + source.name()
                    + "' has no raw table yet: run its feature job, or name a file with its history");
        }
        return warehouse.raw(source);
    }
}
