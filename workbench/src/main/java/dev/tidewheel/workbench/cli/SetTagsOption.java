package dev.tidewheel.workbench.cli;

import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.inspect.RunReader;
import dev.tidewheel.workbench.sets.SetTags;
import dev.tidewheel.workbench.stack.Checkout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where tags of training sets are, and who may name them. */
final class SetTagsOption {
    @Option(
            names = "--run",
            paramLabel = "NAME",
            description = "A run on this machine, which need not run any more: its tables and its registry (default:"
                    + " demo, unless --warehouse is given).")
    private Optional<String> run = Optional.empty();

    @Mixin
    private WarehouseOption warehouse = new WarehouseOption();

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka with the registry, whose versions of models name the sets that they have learnt from.")
    private Optional<String> bootstrap = Optional.empty();

    @Option(
            names = "--sets",
            paramLabel = "DIR",
            split = ",",
            description = "Folders with training sets, or with folders of them: their manifests name tags, too.")
    private List<Path> folders = List.of();

    /** What is done with the tags. */
    interface Work<T> {
        T with(SetTags tags) throws IOException, InterruptedException;
    }

    /** Opens the tables, and asks whoever may name a tag. */
    <T> T open(Work<T> work) throws IOException, InterruptedException {
        Optional<WarehouseConfig> named = warehouse.config().map(ExistingWarehouse::require);
        Optional<RunReader> reader =
                RunOption.of(run, named.isPresent()).map(directory -> RunReader.open(Checkout.find(), directory));
        try (Warehouse open =
                Warehouse.open(named.or(() -> reader.map(RunReader::warehouse)).orElseThrow())) {
            SetTags tags = new SetTags(open).registry(registry(reader).values());
            for (Path folder : folders) {
                tags.folder(folder);
            }
            return work.with(tags);
        } finally {
            reader.ifPresent(RunReader::close);
        }
    }

    private Map<String, Definition> registry(Optional<RunReader> reader) throws InterruptedException {
        Optional<KafkaConfig> kafka = KafkaOption.of(bootstrap, reader);
        return kafka.isPresent() ? new Applier(kafka.get()).inForce() : Map.of();
    }

    /** Whether both the registry and folders with sets are asked who names a tag. */
    boolean asksEverybody() {
        boolean hasRegistry =
                bootstrap.isPresent() || run.isPresent() || warehouse.config().isEmpty();
        return hasRegistry && !folders.isEmpty();
    }
}
