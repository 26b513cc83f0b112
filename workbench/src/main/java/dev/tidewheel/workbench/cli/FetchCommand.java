package dev.tidewheel.workbench.cli;

import dev.tidewheel.workbench.data.FlightsFetch;
import dev.tidewheel.workbench.terminal.ExitCode;
import dev.tidewheel.workbench.terminal.Terminal;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Downloads data sets. */
@Command(
        name = "fetch",
        description = {
            "Downloads a data set: 'flights', three million US flights of the first half of 2001.",
            "Its digest is checked before anything in it is read. About 18 MB are downloaded."
        },
        mixinStandardHelpOptions = true)
final class FetchCommand implements Callable<Integer> {
    private enum DataSet {
        FLIGHTS
    }

    @Parameters(paramLabel = "DATASET", description = "${COMPLETION-CANDIDATES}")
    private DataSet dataSet = DataSet.FLIGHTS;

    @Option(
            names = "--origins",
            paramLabel = "CODE",
            split = ",",
            description = "Keep only flights from these airports, such as ORD,ATL (default: all).")
    private Set<String> origins = new TreeSet<>();

    @Option(
            names = "--to",
            paramLabel = "FILE",
            description = "Where to put it (default: flights.parquet in the current folder).")
    private Path target = Path.of("flights.parquet");

    @Option(
            names = "--registry",
            paramLabel = "URI",
            description = "A mirror of the public npm registry to download from.")
    private URI registry = FlightsFetch.PUBLIC_REGISTRY;

    @Override
    public Integer call() throws Exception {
        Terminal terminal = Terminal.ofProcess();
        terminal.line("fetching " + dataSet.name().toLowerCase(Locale.ROOT) + " from " + registry.getHost());
        long rows = new FlightsFetch(registry, FlightsFetch.Archive.VEGA_DATASETS).run(target, origins);
        terminal.line(String.format(Locale.ROOT, "%,d rows in %s", rows, target));
        return ExitCode.OK;
    }
}
