package dev.tidewheel.history.served;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.ViewCut;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** The vector inside an inference record, by the service's columns. */
public final class ServedVector {
    private final Inference inference;
    private final FeatureValues values;

    private ServedVector(Inference inference, FeatureValues values) {
        this.inference = inference;
        this.values = values;
    }

    /**
     * @throws IllegalArgumentException if the record does not have the service's columns and entities
     */
    public static ServedVector decode(Inference inference, ServicePlan service) {
        RowSchema columns = service.columns();
        Row row = new Row(columns.size());
        ByteBuffer nulls = inference.getNulls().duplicate();
        int numbers = 0;
        int integers = 0;
        int strings = 0;
        byte[] statuses = statuses(inference, columns);
        for (int slot = 0; slot < columns.size(); slot++) {
            boolean present = !isNull(nulls, slot);
            switch (columns.column(slot).type()) {
                case FLOAT64 -> set(row, slot, present, Double.doubleToLongBits(at(inference.getNumbers(), numbers++)));
                case INT64, TIMESTAMP, BOOL -> set(row, slot, present, at(inference.getIntegers(), integers++));
                case STRING, JSON -> {
                    String text = at(inference.getStrings(), strings++);
                    if (present) {
                        row.setString(slot, text);
                    }
                }
            }
        }
        ServedVector vector = new ServedVector(inference, new FeatureValues(row, statuses));
        service.reads().forEach(vector::key);
        return vector;
    }

    public Inference inference() {
        return inference;
    }

    /** All columns with their statuses. */
    public FeatureValues values() {
        return values;
    }

    /** The request's part of the vector. */
    public Row request(ServicePlan service) {
        Row request = new Row(service.request().size());
        for (int slot = 0; slot < request.size(); slot++) {
            String text = values.row().getString(slot);
            if (text != null) {
                request.setString(slot, text);
            } else if (!values.row().isNull(slot)) {
                request.setLong(slot, values.row().getLong(slot));
            }
        }
        return request;
    }

    /** The key under which a view was read. */
    public String key(ViewRead read) {
        return EntityKeys.join(read.keys().stream().map(this::entity).toList());
    }

    /** What the record says of a view's stored value; empty if it says nothing. */
    public Optional<ViewCut> cut(ViewRead read) {
        String view = read.view().spec().name();
        return inference.getCuts().stream()
                .filter(cut -> cut.getView().equals(view))
                .findFirst();
    }

    private String entity(String name) {
        int place = inference.getEntityNames().indexOf(name);
        if (place < 0) {
            throw new IllegalArgumentException("request " + inference.getRequestId() + " has no entity '" + name
                    + "': it has " + inference.getEntityNames());
        }
        return inference.getEntityKeys().get(place);
    }

    private static byte[] statuses(Inference inference, RowSchema columns) {
        ByteBuffer buffer = inference.getStatuses().duplicate();
        if (buffer.remaining() != columns.size()) {
            throw new IllegalArgumentException("request " + inference.getRequestId() + " has " + buffer.remaining()
                    + " statuses, but service '" + inference.getService() + "' has " + columns.size() + " columns: "
                    + columns.columns().stream().map(Column::name).toList());
        }
        byte[] statuses = new byte[columns.size()];
        buffer.get(statuses);
        return statuses;
    }

    private static boolean isNull(ByteBuffer nulls, int slot) {
        int place = nulls.position() + slot / 8;
        return place < nulls.limit() && (nulls.get(place) >> (slot % 8) & 1) != 0;
    }

    private static void set(Row row, int slot, boolean present, long word) {
        if (present) {
            row.setLong(slot, word);
        }
    }

    private static <T> T at(List<T> values, int place) {
        if (place >= values.size()) {
            throw new IllegalArgumentException("the record holds " + values.size() + " values of a type, but value "
                    + place + " was asked for: it is not of this service");
        }
        return values.get(place);
    }
}
