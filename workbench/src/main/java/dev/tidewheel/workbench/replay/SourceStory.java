package dev.tidewheel.workbench.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.definitions.ModelPlan;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.source.ChangeHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.apache.avro.Schema;

/**
 * The story that a source's history tells: each event becomes known at its knownTime, and each is a question as well,
 * asked at the time and with the request that the model's definition says. Not thread-safe.
 */
public final class SourceStory implements Story {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NO_QUESTION = -1;

    private final ModelPlan plan;
    private final ChangeHistory history;
    private final RowEncoder encoder;
    /** Change number by event number. */
    private final int[] events;
    /** Change number by question number. */
    private final int[] questions;
    /** Question number by change number. */
    private final int[] questionOf;
    /** By change number. */
    private final long[] askedAt;

    /**
     * @param plan how an event becomes a question and its answer
     * @param history the changes of the model's source
     * @param askFrom events of before are no questions, epoch milliseconds
     */
    public SourceStory(ModelPlan plan, ChangeHistory history, long askFrom) {
        this.plan = plan;
        this.history = history;
        this.encoder = new RowEncoder(
                history.columns().schema(),
                new Schema.Parser().parse(plan.source().only().schema()));
        this.askedAt = IntStream.range(0, history.size()).mapToLong(this::asked).toArray();
        this.events = ordered(history::knownTime, change -> true);
        this.questions = ordered(change -> askedAt[change], change -> askedAt[change] >= askFrom);
        this.questionOf = new int[history.size()];
        Arrays.fill(questionOf, NO_QUESTION);
        for (int question = 0; question < questions.length; question++) {
            questionOf[questions[question]] = question;
        }
    }

    @Override
    public int events() {
        return events.length;
    }

    @Override
    public long knownTime(int event) {
        return history.knownTime(events[event]);
    }

    @Override
    public int partition(int event, int partitions) {
        EventId id = history.id(events[event]);
        return (int) Math.floorMod(id.low() + id.text().hashCode(), (long) partitions);
    }

    @Override
    public byte[] value(int event) {
        return encoder.encode(history.row(events[event]));
    }

    @Override
    public int questions() {
        return questions.length;
    }

    @Override
    public long askedAt(int question) {
        return askedAt[questions[question]];
    }

    @Override
    public Question question(int question) {
        int change = questions[question];
        String id = requestId(change);
        try {
            return new Question(id, askedAt[change], JSON.writeValueAsBytes(body(id, history.row(change))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<Answer> answer(int event) {
        int change = events[event];
        if (questionOf[change] == NO_QUESTION) {
            return Optional.empty();
        }
        return plan.label(history.row(change))
                .map(truth ->
                        new Answer(questionOf[change], requestId(change), truth ? 1 : 0, history.knownTime(change)));
    }

    private long asked(int change) {
        return plan.at(history.row(change))
                .orElseThrow(() -> new IllegalArgumentException(
                        "event " + history.id(change) + " does not say when it is asked about"));
    }

    private String requestId(int change) {
        EventId id = history.id(change);
        return plan.model().name() + "-" + (id.text().isEmpty() ? "" : id.text() + "-") + id.low();
    }

    private ObjectNode body(String id, Row event) {
        ObjectNode body = JSON.createObjectNode().put("id", id);
        ArrayNode inputs = body.putArray("inputs");
        List<String> keys = plan.keys(event)
                .orElseThrow(() -> new IllegalArgumentException("question " + id + " has an entity without a value"));
        for (int i = 0; i < keys.size(); i++) {
            data(inputs, plan.entities().get(i), "BYTES").add(keys.get(i));
        }
        RowSchema columns = plan.service().request();
        Row request = plan.request(event);
        for (int slot = 0; slot < columns.size(); slot++) {
            Column column = columns.column(slot);
            add(data(inputs, column.name(), datatype(column.type())), column.type(), request, slot);
        }
        return body;
    }

    private static void add(ArrayNode data, ColumnType type, Row request, int slot) {
        if (request.isNull(slot)) {
            data.addNull();
            return;
        }
        switch (type) {
            case INT64, TIMESTAMP -> data.add(request.getLong(slot));
            case FLOAT64 -> data.add(request.getDouble(slot));
            case BOOL -> data.add(request.getBoolean(slot));
            case STRING, JSON -> data.add(request.getString(slot));
        }
    }

    private static ArrayNode data(ArrayNode inputs, String name, String datatype) {
        ObjectNode input = inputs.addObject().put("name", name).put("datatype", datatype);
        input.putArray("shape").add(1);
        return input.putArray("data");
    }

    private static String datatype(ColumnType type) {
        return switch (type) {
            case INT64, TIMESTAMP -> "INT64";
            case FLOAT64 -> "FP64";
            case BOOL -> "BOOL";
            case STRING, JSON -> "BYTES";
        };
    }

    private int[] ordered(IntToLongFunction time, IntPredicate wanted) {
        Comparator<Integer> order = Comparator.comparingLong(change -> time.applyAsLong(change));
        return IntStream.range(0, history.size())
                .filter(wanted)
                .boxed()
                .sorted(order.thenComparing(history::id))
                .mapToInt(Objects::requireNonNull)
                .toArray();
    }
}
