package dev.tidewheel.historyjobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.history.exchange.ExchangeFolder;
import dev.tidewheel.history.run.FileHistories;
import dev.tidewheel.history.run.FileHistories.HistoryFile;
import dev.tidewheel.history.run.Histories;
import dev.tidewheel.history.run.WarehouseHistories;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.training.Knowledge;
import dev.tidewheel.history.values.ViewPart.Terms;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The views of a configured service. What travels is the path of the configuration; each task reads it, and the definitions
 * beside it, for itself. For one thread.
 */
final class ConfiguredViews implements ClusterViews {
    private static final long serialVersionUID = 1L;

    private final String configFile;

    private transient @Nullable Loaded loaded;

    ConfiguredViews(Path configFile) {
        this.configFile = configFile.toString();
    }

    private record Loaded(TrainingSetJobConfig config, Definitions definitions, List<ViewRead> views) {
        Source source(int view) {
            return definitions.source(
                    definitions.view(views.get(view).view().spec().name()).source());
        }
    }

    private Loaded loaded() throws IOException {
        Loaded known = loaded;
        if (known == null) {
            TrainingSetJobConfig config = ConfigLoader.load(Path.of(configFile), TrainingSetJobConfig.class);
            Path bodies = new ExchangeFolder(config.exchange()).definitions();
            Definitions definitions = Definitions.fromRegistry(
                            List.of(new ObjectMapper().readValue(bodies.toFile(), String[].class)))
                    .orThrow();
            known = new Loaded(
                    config,
                    definitions,
                    definitions.servicePlan(config.service()).reads());
            loaded = known;
        }
        return known;
    }

    BatchOrder order() throws IOException {
        return loaded().config.order(loaded().views.size());
    }

    @Override
    public Terms terms(int view) throws IOException {
        TrainingSetJobConfig config = loaded().config;
        ViewRead read = loaded().views.get(view);
        return new Terms(
                read.view(),
                SourceColumns.of(loaded().source(view)),
                config.retiming().known(read.view().spec(), config.asOf()));
    }

    @Override
    public boolean isHeld(int view) throws IOException {
        return loaded().config
                .held()
                .contains(loaded().views.get(view).view().spec().name());
    }

    @Override
    public OpenScan open(int view) throws IOException {
        TrainingSetJobConfig config = loaded().config;
        Source source = loaded().source(view);
        Map<String, HistoryFile> files = config.historyFiles();
        Optional<Warehouse> warehouse = files.containsKey(source.name())
                ? Optional.empty()
                : config.warehouse().map(Warehouse::open);
        Histories histories = new FileHistories(
                files, warehouse.map(WarehouseHistories::new), config.knowledge() == Knowledge.EVENT_TIME);
        try {
            return new Open(warehouse, histories.scan(source, config.snapshot(source.name())));
        } catch (RuntimeException e) {
            warehouse.ifPresent(Warehouse::close);
            throw e;
        }
    }

    private record Open(Optional<Warehouse> warehouse, ChangeScan scan) implements OpenScan {
        @Override
        public void close() {
            warehouse.ifPresent(Warehouse::close);
        }
    }
}
