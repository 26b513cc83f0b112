package dev.tidewheel.workbench.cli;

import dev.tidewheel.history.questions.TableColumns;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.sets.Place;
import dev.tidewheel.workbench.sets.SetRequest.Asker;
import dev.tidewheel.workbench.sets.SetRequest.OfKeys;
import dev.tidewheel.workbench.sets.SetRequest.OfLabels;
import dev.tidewheel.workbench.sets.SetRequest.OfModel;
import dev.tidewheel.workbench.sets.SetRequest.OfRows;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Who asks, and with what. */
final class QuestionOption {
    @Option(names = "--model", paramLabel = "NAME", description = "Ask what this model asks, with its label.")
    private Optional<String> model = Optional.empty();

    @Option(names = "--service", paramLabel = "NAME", description = "The feature service whose vector is wanted.")
    private Optional<String> service = Optional.empty();

    @Option(
            names = "--questions",
            paramLabel = "FILE",
            description = "Parquet file, or table:NAME in the warehouse: one row per question, with the service's"
                    + " entities and request columns under their names. What nobody asks for is handed through.")
    private Optional<String> questions = Optional.empty();

    @Option(
            names = "--time",
            paramLabel = "COLUMN",
            description = "Column of the questions that says when: a timestamp, or epoch milliseconds (default: t).")
    private String time = "t";

    @Option(
            names = "--id",
            paramLabel = "COLUMN",
            description = "Column that tells questions apart (default: a file's row numbers; a table has none).")
    private Optional<String> id = Optional.empty();

    @Option(
            names = "--entity",
            paramLabel = "ENTITY=COLUMN",
            description = "An entity that stands in a column of another name; repeatable.")
    private Map<String, String> entities = new LinkedHashMap<>();

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "Column that says what turned out to be true: of the questions, or of --labels.")
    private Optional<String> label = Optional.empty();

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "Parquet file, or table:NAME, with the labels; with --on and --label.")
    private Optional<String> labels = Optional.empty();

    @Option(
            names = "--on",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns of both by which labels find their questions, such as request_id.")
    private List<String> on = List.of();

    @Option(
            names = "--known",
            paramLabel = "COLUMN",
            description = "Column that says when a label could first be known.")
    private Optional<String> known = Optional.empty();

    @Option(names = "--every-key", description = "Ask about every key that was known at the moments of --at.")
    private boolean everyKey;

    @Option(
            names = "--at",
            split = ",",
            paramLabel = "TIME",
            converter = MomentConverter.class,
            description = "Moments for --every-key, such as 2001-02-01,2001-02-02.")
    private List<Instant> at = List.of();

    /**
     * @throws WorkbenchException if nobody asks, or too many do
     */
    Asker asker() {
        requireOne();
        if (model.isPresent()) {
            refuse(service.isPresent(), "--model says which service; leave --service out");
            refuse(label.isPresent() || labels.isPresent(), "--model says what the label is; leave --label out");
            return new OfModel(model.get());
        }
        String name = service.orElseThrow(() -> new WorkbenchException("say whose vector is wanted: --service NAME"));
        if (everyKey) {
            refuse(at.isEmpty(), "--every-key asks at moments: add --at 2001-02-01,2001-02-02");
            refuse(label.isPresent() || labels.isPresent(), "--every-key has no labels");
            return new OfKeys(name, at);
        }
        return new OfRows(name, Place.of(questions.orElseThrow()), columns(), ofLabels());
    }

    private void requireOne() {
        int asking = (model.isPresent() ? 1 : 0) + (questions.isPresent() ? 1 : 0) + (everyKey ? 1 : 0);
        refuse(asking != 1, "say who asks, with one of --model NAME, --questions FILE and --every-key");
        refuse(!everyKey && !at.isEmpty(), "--at goes with --every-key; questions have their own moments");
    }

    private TableColumns columns() {
        boolean beside = labels.isEmpty();
        return new TableColumns(
                time, id, entities, beside ? label : Optional.empty(), beside ? known : Optional.empty());
    }

    private Optional<OfLabels> ofLabels() {
        if (labels.isEmpty()) {
            refuse(!on.isEmpty(), "--on goes with --labels");
            return Optional.empty();
        }
        refuse(on.isEmpty(), "--labels needs the columns by which they find their questions: --on COLUMN");
        String column = label.orElseThrow(() -> new WorkbenchException("say which column of --labels: --label COLUMN"));
        return Optional.of(new OfLabels(Place.of(labels.get()), on, column, known));
    }

    private static void refuse(boolean wrong, String message) {
        if (wrong) {
            throw new WorkbenchException(message);
        }
    }
}
