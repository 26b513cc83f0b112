package dev.tidewheel.jobs.source;

import dev.tidewheel.definitions.SourceInput;
import dev.tidewheel.definitions.UnionRows;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How the records of a union's member become rows of the union. Travels in the job graph.
 *
 * @param names of the member's own columns
 * @param types of the same
 * @param select see {@link SourceInput#select()}
 */
record MemberLayout(List<String> names, List<ColumnType> types, Map<String, String> select) implements Serializable {
    MemberLayout {
        names = List.copyOf(names);
        types = List.copyOf(types);
        select = Map.copyOf(select);
    }

    static MemberLayout of(SourceInput input) {
        List<Column> columns = input.columns().columns();
        return new MemberLayout(
                columns.stream().map(Column::name).toList(),
                columns.stream().map(Column::type).toList(),
                input.select());
    }

    /** The member's own columns. */
    RowSchema columns() {
        return new RowSchema(IntStream.range(0, names.size())
                .mapToObj(slot -> new Column(names.get(slot), types.get(slot)))
                .toList());
    }

    /** @param union the union's columns */
    UnionRows rows(TopicLayout of, RowSchema union) {
        @Nullable String eventId = of.eventId();
        return new UnionRows(of.source(), columns(), eventId, select, union);
    }
}
