package dev.tidewheel.history.questions;

import dev.tidewheel.definitions.ModelPlan;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.spill.RowSort;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The events of a model's source as questions, in the order of (t, event id). An event is a question whether or not any
 * view counts it: somebody asked. Immutable and thread-safe.
 */
public final class ModelQuestions implements Questions {
    private static final int BEFORE_ENTITIES = 2;

    private final ChangeHistory history;
    private final ModelPlan model;
    private final List<ColumnOf> head;
    private final int[] selected;
    private final LeftOut leftOut;

    /**
     * @throws IllegalArgumentException if the history is not of the model's source
     */
    public ModelQuestions(ChangeHistory history, ModelPlan model, Moments moments) {
        if (!history.columns().schema().equals(model.source().columns())) {
            throw new IllegalArgumentException(
                    "the questions of model '" + model.model().name() + "' come from source '"
                            + model.source().name() + "', but the history is of '"
                            + history.columns().source() + "'");
        }
        this.history = history;
        this.model = model;
        this.head = head(history.columns(), model);
        Skipped skipped = new Skipped();
        this.selected = select(moments, skipped);
        this.leftOut = skipped.counts();
    }

    private static List<ColumnOf> head(SourceColumns columns, ModelPlan model) {
        List<ColumnOf> head = new ArrayList<>();
        head.add(new ColumnOf("question", idType(columns), Role.QUESTION));
        head.add(new ColumnOf("t", ColumnType.TIMESTAMP, Role.TIME));
        model.entities().forEach(entity -> head.add(new ColumnOf(entity, ColumnType.STRING, Role.ENTITY)));
        return List.copyOf(head);
    }

    private static ColumnType idType(SourceColumns columns) {
        return columns.eventId()
                .map(name -> columns.schema().slot(name))
                .map(slot -> columns.schema().column(slot).type())
                .orElse(ColumnType.STRING);
    }

    private int[] select(Moments moments, Skipped skipped) {
        BitSet found = new BitSet();
        long[] times = new long[history.size()]; // A comparison of two rows must not make two rows.
        Set<Object> ids = new HashSet<>();
        for (int change = 0; change < history.size(); change++) {
            Row event = history.row(change);
            Optional<Long> t = model.at(event).filter(moments::contains);
            if (t.isPresent()) {
                boolean repeated = history.sharesId(change) && !ids.add(history.id(change));
                Skipped.Label label = model.label(event).isPresent() ? Skipped.Label.KNOWN : Skipped.Label.MISSING;
                if (skipped.keep(repeated, model.keys(event).isPresent(), label)) {
                    times[change] = t.get();
                    found.set(change);
                }
            }
        }
        int[] ranked = found.stream().toArray();
        RowSort order = new RowSort((left, right) -> {
            int byTime = Long.compare(times[left], times[right]);
            return byTime != 0 ? byTime : history.id(left).compareTo(history.id(right));
        });
        order.sort(ranked);
        return ranked;
    }

    @Override
    public List<ColumnOf> head() {
        return head;
    }

    @Override
    public Optional<ColumnOf> label() {
        return Optional.of(new ColumnOf(model.model().label().name(), ColumnType.BOOL, Role.LABEL));
    }

    @Override
    public int size() {
        return selected.length;
    }

    @Override
    public Question get(int rank) {
        int change = selected[rank];
        Row event = history.row(change);
        long t = model.at(event).orElseThrow();
        List<String> entities = model.keys(event).orElseThrow();
        Row label = new Row(1).setBoolean(0, model.label(event).orElseThrow());
        return new Question(t, entities, model.request(event), headOf(history.id(change), t, entities), label);
    }

    @Override
    public Asked asked(int rank) {
        Row event = history.row(selected[rank]);
        return new Asked(model.at(event).orElseThrow(), model.keys(event).orElseThrow());
    }

    @Override
    public LeftOut leftOut() {
        return leftOut;
    }

    private Row headOf(EventId id, long t, List<String> entities) {
        Row row = new Row(head.size());
        if (head.get(0).type() == ColumnType.INT64) {
            row.setLong(0, id.low());
        } else {
            row.setString(0, text(id));
        }
        row.setLong(1, t);
        for (int entity = 0; entity < entities.size(); entity++) {
            row.setString(BEFORE_ENTITIES + entity, entities.get(entity));
        }
        return row;
    }

    private String text(EventId id) {
        if (history.columns().eventId().isEmpty()) {
            return position(id);
        }
        return history.columns().isUnion() ? ofMember(id) : id.text();
    }

    /** One text per id: a member's declared one has a slash behind its name, and a position's topic has none. */
    static String ofMember(EventId id) {
        int slash = id.text().indexOf('/');
        if (slash < 0) {
            return position(id);
        }
        boolean isInteger = slash == id.text().length() - 1;
        return isInteger ? id.text() + id.low() : id.text();
    }

    private static String position(EventId id) {
        return id.text() + "/" + id.high() + "/" + id.low();
    }
}
