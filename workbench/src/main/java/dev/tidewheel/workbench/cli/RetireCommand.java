package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.runtime.clock.WallClock;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.workbench.apply.LineageNeeds;
import dev.tidewheel.workbench.apply.Retirement;
import dev.tidewheel.workbench.apply.StoreSweep;
import dev.tidewheel.workbench.terminal.ExitCode;
import dev.tidewheel.workbench.terminal.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes a lineage out of use. */
@Command(
        name = "retire",
        description = {
            "Takes a lineage of a view out of use; each call takes the next step.",
            "  1. it leaves the registry, unless somebody needs it;",
            "  2. the job leaves it out at its next start ('tidewheel jobs restart'); a job that has nothing left to",
            "     compute is stopped instead, and --job-stopped says so;",
            "  3. its values are deleted from the online store."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it is gone, with its values",
            "1:somebody needs it; nothing was done",
            "4:it has left the registry; start the job again, then say it again"
        })
final class RetireCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(index = "0", paramLabel = "VIEW@LINEAGE", description = "Which one; 'tidewheel lineages' lists them.")
    private String lineage = "";

    @Option(
            names = "--give-up",
            paramLabel = "WHO",
            split = ",",
            description = "Who may miss it: a model's version that does not serve, MODEL.VERSION, or the view itself,"
                    + " FeatureView/NAME, which then leaves the registry too.")
    private List<String> giveUp = List.of();

    @Option(
            names = "--job-stopped",
            description = "The job of its source does not run any more: for the last lineage of a source, whose job has"
                    + " nothing left to compute.")
    private boolean jobStopped;

    @Option(
            names = "--rate",
            paramLabel = "KEYS",
            defaultValue = "5000",
            description = "At most so many keys are deleted per second (default: ${DEFAULT-VALUE}).")
    private long rate = 5_000;

    @Mixin
    private KafkaOption kafka = new KafkaOption();

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    private final Terminal terminal = Terminal.ofProcess();

    @Override
    public Integer call() throws Exception {
        Retirement retirement = new Retirement(kafka.config());
        Retirement.Orders orders = new Retirement.Orders(Set.copyOf(giveUp), jobStopped);
        Retirement.Step step = retirement.advance(lineage, orders, new WallClock().now());
        if (step instanceof Retirement.Step.Needed needed) {
            return say(ExitCode.NOT_SOUND, "needed", 0, lineage + " is needed by " + who(needed.by()));
        }
        if (step instanceof Retirement.Step.Deletable deletable) {
            long deleted = sweep(deletable.lineage());
            retirement.forget(deletable.lineage());
            return say(ExitCode.OK, "deleted", deleted, lineage + " is gone, with " + deleted + " keys");
        }
        boolean last = step instanceof Retirement.Step.Retired retired && retired.last()
                || step instanceof Retirement.Step.AwaitsRestart awaits && awaits.last();
        return say(
                ExitCode.WAITS,
                last ? "awaits-stop" : "awaits-restart",
                0,
                lineage + " has left the registry; "
                        + (last
                                ? "its source has no other: stop the job, then say this again with --job-stopped"
                                : "start the job of its source again, then say this again"));
    }

    private static String who(List<LineageNeeds.Need> needs) {
        return needs.stream()
                .map(need -> need.who() + (need.serves() ? "" : " (does not serve, may come back; --give-up)"))
                .collect(Collectors.joining(", "));
    }

    private long sweep(ViewLineage of) throws InterruptedException {
        try (RedisFeatureStore open = store.open(kafka::running, DEADLINE)) {
            return new StoreSweep(open, open, rate, DEADLINE)
                    .delete(of.view(), of.lineage(), done -> terminal.status(done + " keys deleted"));
        }
    }

    private int say(int exitCode, String state, long deleted, String sentence) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            ObjectNode node = JSON.createObjectNode();
            node.put("lineage", lineage).put("state", state).put("keysDeleted", deleted);
            node.put("message", sentence);
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
        } else {
            out.println(sentence);
        }
        out.flush();
        return exitCode;
    }
}
