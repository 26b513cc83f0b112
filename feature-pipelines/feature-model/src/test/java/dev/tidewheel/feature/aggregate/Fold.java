package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.HexFormat;
import java.util.Map;

/** Folds a few rows by hand: one event per second from 0, ids ascending. */
final class Fold {
    private final BoundAggregate<?> aggregate;
    private final Accumulator<?> held;
    private int events;

    private Fold(BoundAggregate<?> aggregate) {
        this.aggregate = aggregate;
        this.held = aggregate.partial().create();
    }

    static Fold of(String name, Operands operands, Map<String, Double> parameters) {
        return new Fold(Aggregates.byName(name).bind(operands, parameters));
    }

    static Fold of(String name, ColumnType... types) {
        Operands operands = types.length == 1 ? Operands.of(types[0]) : Operands.of(types[0], types[1]);
        return new Fold(Aggregates.byName(name).example(operands));
    }

    static Fold of(BoundAggregate<?> aggregate) {
        return new Fold(aggregate);
    }

    static Row row(Object... values) {
        Row row = new Row(values.length);
        for (int slot = 0; slot < values.length; slot++) {
            Object value = values[slot];
            if (value instanceof String text) {
                row.setString(slot, text);
            } else if (value instanceof Double number) {
                row.setDouble(slot, number);
            } else if (value instanceof Boolean truth) {
                row.setBoolean(slot, truth);
            } else {
                row.setLong(slot, ((Number) value).longValue());
            }
        }
        return row;
    }

    Fold add(Object... values) {
        return addAt(1_000L * events, values);
    }

    Fold addAt(long time, Object... values) {
        held.add(row(values), 0, time, EventId.of(events++));
        return this;
    }

    Fold retractAt(long time, Object... values) {
        held.retract(row(values), 0, time, EventId.of(events++));
        return this;
    }

    /** Every value an event by itself. */
    Fold addAll(double... values) {
        for (double value : values) {
            add(value);
        }
        return this;
    }

    String value() {
        return value(new ReadPoint(10_000, 0));
    }

    String value(ReadPoint at) {
        Row out = new Row(1);
        Status status = aggregate.finish(held, at, out, 0);
        return status == Status.OK ? text(out) : status.toString();
    }

    /** The value of something that has one whatever its status is, and the status. */
    String whole() {
        Row out = new Row(1);
        Status status = aggregate.finish(held, new ReadPoint(10_000, 0), out, 0);
        return text(out) + " " + status;
    }

    private String text(Row out) {
        return switch (aggregate.result()) {
            case FLOAT64 -> Double.toString(out.getDouble(0));
            case STRING, JSON -> String.valueOf(out.getString(0));
            case INT64, BOOL, TIMESTAMP -> Long.toString(out.getLong(0));
        };
    }

    double number(ReadPoint at) {
        return Double.parseDouble(value(at));
    }

    String hex() {
        ByteWriter out = new ByteWriter();
        held.encode(out);
        return HexFormat.of().formatHex(out.toByteArray());
    }
}
