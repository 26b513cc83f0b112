package dev.tidewheel.workbench.cli;

import dev.tidewheel.history.exchange.ClusterMaker;
import dev.tidewheel.runtime.config.DataSize;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.sets.ClusterOrder;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Whether a Flink cluster finds the values, and which. */
final class ClusterOption {
    private static final int PARALLELISM = 2;

    @Option(
            names = "--flink",
            paramLabel = "URI",
            description = "Have a Flink cluster find the values: its REST interface, http://host:port.")
    private Optional<URI> flink = Optional.empty();

    @Option(names = "--parallelism", paramLabel = "N", description = "How many of its slots are used (default: 2).")
    private Optional<Integer> parallelism = Optional.empty();

    @Option(
            names = "--exchange",
            paramLabel = "DIR",
            description = "A folder that this process and the cluster's machines see under one path (default: that of"
                    + " --out).")
    private Optional<Path> exchange = Optional.empty();

    @Option(
            names = "--slot-memory",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "About how much of a slot is used for rows, such as 512MB (default: a third of the"
                    + " TaskManager's heap, by its slots).")
    private Optional<DataSize> memory = Optional.empty();

    /** Sizes as configuration files write them. */
    static final class SizeConverter implements ITypeConverter<DataSize> {
        @Override
        public DataSize convert(String text) {
            try {
                return DataSize.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** @param out the folder that the set goes to; empty for a table, which is built in a folder that nobody else sees */
    Optional<ClusterOrder> order(Optional<Path> out) {
        if (flink.isEmpty() && (parallelism.isPresent() || exchange.isPresent() || memory.isPresent())) {
            throw new WorkbenchException(
                    "--parallelism, --exchange and --slot-memory are for a cluster: name it with" + " --flink");
        }
        try {
            return flink.map(uri -> new ClusterOrder(
                    uri, new ClusterMaker.Place(exchange(out), parallelism.orElse(PARALLELISM), memory)));
        } catch (IllegalArgumentException e) {
            throw new WorkbenchException(String.valueOf(e.getMessage()), e);
        }
    }

    private Path exchange(Optional<Path> out) {
        return exchange.or(() -> out)
                .orElseThrow(() -> new WorkbenchException("a table is built in a folder that the cluster does not see:"
                        + " name one that it does with --exchange"));
    }
}
