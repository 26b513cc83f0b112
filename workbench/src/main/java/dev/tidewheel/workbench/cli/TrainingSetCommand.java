package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.history.parquet.RowLayout;
import dev.tidewheel.history.questions.LeftOut;
import dev.tidewheel.history.questions.Moments;
import dev.tidewheel.history.questions.Moments.Split;
import dev.tidewheel.history.training.Knowledge;
import dev.tidewheel.history.training.Retiming;
import dev.tidewheel.history.training.SetFile;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.history.training.TrainingSetManifest.ImportOf;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.sets.ClusterOrder;
import dev.tidewheel.workbench.sets.Earlier;
import dev.tidewheel.workbench.sets.Earlier.Gone;
import dev.tidewheel.workbench.sets.OpenHistory;
import dev.tidewheel.workbench.sets.Place;
import dev.tidewheel.workbench.sets.ServingDelay;
import dev.tidewheel.workbench.sets.SetOutput;
import dev.tidewheel.workbench.sets.SetProgress;
import dev.tidewheel.workbench.sets.SetRequest;
import dev.tidewheel.workbench.sets.SetWork;
import dev.tidewheel.workbench.terminal.ExitCode;
import dev.tidewheel.workbench.terminal.Interrupts;
import dev.tidewheel.workbench.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Builds training sets. */
@Command(
        name = "training-set",
        description = {
            "Builds a training set: for every question of the past the vector that serving would have given then.",
            "The same command later gives the same bytes: what it read is pinned by the manifest in the folder."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the set is built",
            "1:the bytes are not those of the set whose data were read; the output says whether an erasure is why",
            "3:something is missing or does not fit; the message says what to do"
        })
final class TrainingSetCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private PlacesOption places = new PlacesOption();

    @Mixin
    private QuestionOption questions = new QuestionOption();

    @Mixin
    private KnowledgeOption knowledge = new KnowledgeOption();

    @Mixin
    private ClusterOption cluster = new ClusterOption();

    @Mixin
    private DelayOption delay = new DelayOption();

    @Option(
            names = "--as-of",
            paramLabel = "TIME",
            converter = MomentConverter.class,
            description = "As this command would have built it at this moment: what became known later does not exist.")
    private Optional<Instant> asOf = Optional.empty();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = MomentConverter.class,
            description = "The first moment asked (default: the model's, or that of the questions).")
    private Optional<Instant> from = Optional.empty();

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = MomentConverter.class,
            description = "Before which the last one lies.")
    private Optional<Instant> to = Optional.empty();

    @Option(
            names = "--split",
            paramLabel = "NAME=FROM..TO",
            converter = SplitConverter.class,
            description = "A part of the set with files of its own, such as train=2001-01-08..2001-01-29; repeatable.")
    private List<Split> splits = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The folder to build it in, or table:NAME, such as table:sets.late, for a table of the"
                    + " warehouse.")
    private String out = "";

    @Option(names = "--fresh", description = "Read the newest data, and replace the set that is in the folder.")
    private boolean fresh;

    @Option(
            names = "--same-as",
            paramLabel = "FILE",
            description = "Read what the set of this manifest, or in this table:NAME, was built from.")
    private Optional<String> sameAs = Optional.empty();

    @Option(
            names = "--profile-window",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Length of the reference profile's windows (default: 1d).")
    private Duration window = Duration.ofDays(1);

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Retiming retiming = knowledge.retiming();
        SetRequest request = new SetRequest(questions.asker(), moments(), retiming, ServingDelay.NONE, asOf);
        requireOneOrigin();
        Optional<ClusterOrder> on = cluster.order(folder());
        // A job would go on without us.
        on.ifPresent(order -> Interrupts.onFirst(Thread.currentThread()::interrupt));
        try (OpenHistory history = places.places().open(retiming.kind() == Knowledge.EVENT_TIME);
                SetOutput output = SetOutput.of(Place.of(out), history, window)) {
            return build(request, history, on, output);
        }
    }

    /** Empty for a table. */
    private Optional<Path> folder() {
        return Place.of(out) instanceof Place.OfFile folder ? Optional.of(folder.path()) : Optional.empty();
    }

    private int build(SetRequest undelayed, OpenHistory history, Optional<ClusterOrder> on, SetOutput to)
            throws IOException, InterruptedException {
        Optional<Earlier> there = to.there();
        Optional<Earlier> earlier = earlier(history, there);
        SetRequest request =
                undelayed.delayed(delay.delay(earlier, places.places().run()));
        // What other bytes replaced could not be looked at any more.
        boolean replaces = earlier.isEmpty() || sameAs.isPresent();
        TrainingSetManifest built = new SetWork(
                        history, request, earlier, there, made -> replaces || isSame(earlier, made, to))
                .on(on)
                .build(to.folder(), to.layout(), new SetProgress(Terminal.ofProcess()));
        boolean same = isSame(earlier, built, to);
        print(same || replaces ? to.take(built) : built, earlier, same);
        return same ? ExitCode.OK : ExitCode.NOT_SOUND;
    }

    private static boolean isSame(Optional<Earlier> earlier, TrainingSetManifest made, SetOutput to) {
        return earlier.map(before -> before.isSame(made, to.layout())).orElse(true);
    }

    private Optional<Moments> moments() {
        if (!splits.isEmpty() && (from.isPresent() || to.isPresent())) {
            throw new WorkbenchException("--split says from when to when; leave --from and --to out");
        }
        try {
            if (!splits.isEmpty()) {
                return Optional.of(new Moments(splits));
            }
            return from.isEmpty() && to.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Moments.between(
                            from.map(Instant::toEpochMilli).orElse(Long.MIN_VALUE),
                            to.map(Instant::toEpochMilli).orElse(Long.MAX_VALUE)));
        } catch (IllegalArgumentException e) {
            throw new WorkbenchException(String.valueOf(e.getMessage()), e);
        }
    }

    private void requireOneOrigin() {
        if (fresh && sameAs.isPresent()) {
            throw new WorkbenchException(
                    "--fresh reads the newest data and --same-as those of another set: choose one");
        }
    }

    /** The set whose data are read again. */
    private Optional<Earlier> earlier(OpenHistory history, Optional<Earlier> there) throws IOException {
        if (sameAs.isPresent()) {
            return Optional.of(Earlier.of(Place.of(sameAs.get()), history));
        }
        return fresh ? Optional.empty() : there;
    }

    private void print(TrainingSetManifest manifest, Optional<Earlier> earlier, boolean same) throws IOException {
        boolean pinned = earlier.isPresent();
        boolean compared = earlier.map(before -> before.isComparable(layout())).orElse(false);
        Optional<Gone> gone = earlier.flatMap(before -> before.gone(manifest));
        PrintWriter writer = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            ObjectNode json = JSON.createObjectNode();
            json.put(Place.of(out) instanceof Place.OfTable ? "table" : "folder", out)
                    .put("pinned", pinned)
                    .put("compared", compared)
                    .put("same", same);
            gone.ifPresent(rows ->
                    json.putObject("erasedSince").put("read", rows.read()).put("rows", rows.asked()));
            json.set("manifest", JSON.readTree(manifest.toJson()));
            writer.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
        } else {
            text(writer, manifest);
            if (pinned) {
                writer.println(compared(compared, same));
            }
            gone.ifPresent(rows -> writer.println(erased(rows, same)));
        }
        writer.flush();
    }

    private String erased(Gone rows, boolean same) {
        String text = String.format(
                Locale.ROOT,
                "%,d rows of its sources told of entities that were erased since; %,d of its own rows went with them",
                rows.read(),
                rows.asked());
        return same || sameAs.isPresent() ? text : text + "; --same-as of the set itself builds it without them";
    }

    private RowLayout layout() {
        return Place.of(out) instanceof Place.OfTable ? RowLayout.TABLE : RowLayout.FILE;
    }

    private String compared(boolean compared, boolean same) {
        if (!compared) {
            return (same ? "as many rows as" : "NOT as many rows as")
                    + " the set whose data were read; files of a folder and of a table never have the same bytes";
        }
        if (same) {
            return "the same bytes as before; --fresh reads the newest data";
        }
        return "NOT the bytes of the set whose data were read"
                + (sameAs.isPresent() ? "" : ", which was left as it is; --fresh replaces it")
                + ": see docs/history.md";
    }

    private void text(PrintWriter writer, TrainingSetManifest manifest) {
        writer.printf(
                "%,d rows of %s from %s to %s, %d columns, in %s%n",
                manifest.rows(),
                manifest.service(),
                manifest.from(),
                manifest.to(),
                manifest.columns().size(),
                out);
        for (SetFile file : manifest.files()) {
            writer.printf("  %-24s %,12d rows  %s%n", file.name(), file.rows(), file.digest());
        }
        LeftOut left = manifest.leftOut();
        if (left.total() > 0) {
            writer.printf(
                    "left out: %,d asked twice, %,d without an entity, %,d without a label, %,d whose label was not known"
                            + " yet%n",
                    left.duplicate(), left.noEntity(), left.noLabel(), left.labelNotKnown());
        }
        manifest.data()
                .forEach((name, data) -> writer.printf(
                        "read %s: %s%s%s%s%n",
                        name,
                        data.name(),
                        data.snapshotId() == null ? "" : " at snapshot " + data.snapshotId() + ", tagged " + data.tag(),
                        data.erased() == null
                                ? ""
                                : ", without " + data.erased().rows() + " rows of erased entities",
                        imported(data.imports())));
        manifest.views()
                .forEach((view, of) -> Objects.requireNonNullElse(of.withoutImports(), List.<Integer>of())
                        .forEach(number -> writer.printf(
                                "WARNING: %s@%d was begun before import %d of its source: the set knows its rows, and what is"
                                        + " served does not; see docs/handover.md%n",
                                view, of.lineage(), number)));
        writer.println("digest " + manifest.digest());
    }

    private static String imported(List<ImportOf> imports) {
        return imports.stream()
                .map(each -> String.format(Locale.ROOT, ", import %d of %,d rows", each.number(), each.rows()))
                .collect(Collectors.joining());
    }
}
