package dev.tidewheel.history.questions;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.history.source.RowTable;
import dev.tidewheel.history.spill.RowSort;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The rows of a file or table as questions, in the order of (t, id, row): entities and the request's columns are found
 * by name, what nobody asks for is handed through. Immutable and thread-safe.
 */
public final class TableQuestions implements Questions {
    private final RowTable table;
    private final ServicePlan service;
    private final Optional<Integer> id;
    private final int at;
    private final TableKeys entities;
    private final int[] request;
    private final int[] passed;
    private final Optional<LabelSource> labels;
    private final List<ColumnOf> head;
    private final int[] selected;
    private final LeftOut leftOut;

    /**
     * @param entities the service's, in its order
     * @param labels if they stand in a table of their own
     * @param knownBy labels that became known later are not known, epoch milliseconds; {@link Long#MAX_VALUE} knows all
     * @throws IllegalArgumentException if a column is missing or of a type that does not fit
     */
    public TableQuestions(
            RowTable table,
            TableColumns columns,
            ServicePlan service,
            List<String> entities,
            Optional<Labels> labels,
            Moments moments,
            long knownBy) {
        this.table = table;
        this.service = service;
        this.at = Times.slot(table, columns.at(), "questions");
        this.id = id(columns);
        this.entities =
                new TableKeys(table, entities.stream().map(columns::entity).toList(), "questions");
        this.request =
                service.request().columns().stream().mapToInt(this::fills).toArray();
        this.labels = labels(columns, labels, knownBy);
        this.passed = passed(columns);
        this.head = head(entities);
        Skipped skipped = new Skipped();
        this.selected = select(moments, skipped);
        this.leftOut = skipped.counts();
    }

    private Optional<Integer> id(TableColumns columns) {
        if (columns.id().isEmpty() && !table.isOrdered()) {
            throw new IllegalArgumentException("the rows of " + table.origin().describe()
                    + " have no order of their own: name the column that tells questions apart");
        }
        return columns.id().map(name -> requireId(name, table.require(name, "questions")));
    }

    private int requireId(String name, int slot) {
        ColumnType type = table.schema().column(slot).type();
        if (type != ColumnType.STRING && type != ColumnType.INT64) {
            throw new IllegalArgumentException("column '" + name + "' of the questions is " + type
                    + ", but what tells questions apart is an INT64 or a STRING");
        }
        return slot;
    }

    /** The slot that fills a column of the request. */
    private int fills(Column wanted) {
        int slot = table.require(wanted.name(), "questions");
        ColumnType type = table.schema().column(slot).type();
        boolean fits = type == wanted.type() || (type == ColumnType.STRING && wanted.type() == ColumnType.JSON);
        if (!fits) {
            throw new IllegalArgumentException("column '" + wanted.name() + "' of the questions is " + type
                    + ", but the request of service '" + service.name() + "' wants " + wanted.type());
        }
        return slot;
    }

    private Optional<LabelSource> labels(TableColumns columns, Optional<Labels> beside, long knownBy) {
        if (beside.isPresent()) {
            return Optional.of(new LabelTable(table, beside.get(), knownBy));
        }
        return columns.label().map(name -> new LabelColumn(table, name, columns.labelKnown(), knownBy));
    }

    private int[] passed(TableColumns columns) {
        Set<String> used = new HashSet<>();
        used.add(columns.at());
        columns.id().ifPresent(used::add);
        columns.label().ifPresent(used::add);
        columns.labelKnown().ifPresent(used::add); // It tells what was not known at t.
        IntStream.concat(entities.slots(), IntStream.of(request))
                .forEach(slot -> used.add(table.schema().column(slot).name()));
        RowSchema schema = table.schema();
        return IntStream.range(0, schema.size())
                .filter(slot -> !used.contains(schema.column(slot).name()))
                .toArray();
    }

    private List<ColumnOf> head(List<String> names) {
        List<ColumnOf> columns = new ArrayList<>();
        ColumnType idType = id.map(slot -> table.schema().column(slot).type()).orElse(ColumnType.INT64);
        columns.add(new ColumnOf("question", idType, Role.QUESTION));
        columns.add(new ColumnOf("t", ColumnType.TIMESTAMP, Role.TIME));
        names.forEach(name -> columns.add(new ColumnOf(name, ColumnType.STRING, Role.ENTITY)));
        for (int slot : passed) {
            Column column = table.schema().column(slot);
            columns.add(new ColumnOf(column.name(), column.type(), Role.PASSED));
        }
        return List.copyOf(columns);
    }

    private int[] select(Moments moments, Skipped skipped) {
        int[] asked = IntStream.range(0, table.size())
                .filter(row -> !table.isNull(row, at) && moments.contains(table.word(row, at)))
                .toArray();
        new RowSort(this::compare).sort(asked);
        BitSet sharing = id.map(slot -> table.sharing(asked, slot)).orElseGet(BitSet::new);
        Set<String> ids = new HashSet<>();
        return IntStream.of(asked)
                .filter(row -> skipped.keep(
                        sharing.get(row) && !ids.add(table.text(row, id.orElseThrow())),
                        entities.isComplete(row),
                        labels.map(source -> source.state(row)).orElse(Skipped.Label.KNOWN)))
                .toArray();
    }

    private int compare(int left, int right) {
        int byTime = Long.compare(table.word(left, at), table.word(right, at));
        int byId = byTime != 0 || id.isEmpty() ? byTime : compareIds(left, right, id.get());
        return byId != 0 ? byId : table.compare(left, right);
    }

    /** Those without an id come last. */
    private int compareIds(int left, int right, int slot) {
        if (table.isNull(left, slot) || table.isNull(right, slot)) {
            return Boolean.compare(table.isNull(left, slot), table.isNull(right, slot));
        }
        return table.schema().column(slot).type() == ColumnType.STRING
                ? table.text(left, slot).compareTo(table.text(right, slot))
                : Long.compare(table.word(left, slot), table.word(right, slot));
    }

    @Override
    public List<ColumnOf> head() {
        return head;
    }

    @Override
    public Optional<ColumnOf> label() {
        return labels.map(LabelSource::column).map(column -> new ColumnOf(column.name(), column.type(), Role.LABEL));
    }

    @Override
    public int size() {
        return selected.length;
    }

    @Override
    public Question get(int rank) {
        int row = selected[rank];
        long t = table.word(row, at);
        List<String> keys = entities.values(row);
        Row brought = new Row(request.length);
        for (int slot = 0; slot < request.length; slot++) {
            table.copy(row, request[slot], brought, slot);
        }
        Row label = new Row(labels.isPresent() ? 1 : 0);
        labels.ifPresent(source -> source.copy(row, label));
        return new Question(t, keys, brought, headOf(row, t, keys), label);
    }

    private Row headOf(int row, long t, List<String> keys) {
        Row out = new Row(head.size());
        if (id.isPresent()) {
            table.copy(row, id.get(), out, 0);
        } else {
            out.setLong(0, row);
        }
        out.setLong(1, t);
        int next = 2;
        for (String key : keys) {
            out.setString(next++, key);
        }
        for (int slot : passed) {
            table.copy(row, slot, out, next++);
        }
        return out;
    }

    @Override
    public LeftOut leftOut() {
        return leftOut;
    }
}
