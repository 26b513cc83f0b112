package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.RowSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;

/**
 * The part of the definition's schema that is columns, as a schema to read by: fields that are no columns may be whatever
 * they are, and a field that may be null is null where a record does not have it.
 */
final class DeclaredFields {
    private DeclaredFields() {}

    /**
     * @throws IllegalArgumentException if the schema lacks a column
     */
    static Schema of(Schema declared, RowSchema columns) {
        List<Field> fields = new ArrayList<>();
        for (Column column : columns.columns()) {
            Field field = declared.getField(column.name());
            if (field == null) {
                throw new IllegalArgumentException("the Avro schema has no field '" + column.name() + "'");
            }
            fields.add(field(field));
        }
        return named(declared.getName(), declared.getNamespace(), fields);
    }

    /** The same record under the name that its writer gave it: what a record is called decides nothing here. */
    static Schema renamed(Schema record, Schema writer) {
        List<Field> fields = record.getFields().stream()
                .map(field -> new Field(field, field.schema()))
                .toList();
        return named(writer.getName(), writer.getNamespace(), fields);
    }

    private static Schema named(String name, String namespace, List<Field> fields) {
        return Schema.createRecord(name, null, namespace, false, fields);
    }

    private static Field field(Field declared) {
        Schema type = declared.schema();
        if (declared.hasDefaultValue() || !type.isNullable() || !type.isUnion()) {
            return new Field(declared, type);
        }
        // Avro wants the default's branch first.
        List<Schema> branches = new ArrayList<>(List.of(Schema.create(Schema.Type.NULL)));
        type.getTypes().stream().filter(branch -> !branch.isNullable()).forEach(branches::add);
        return new Field(declared.name(), Schema.createUnion(branches), declared.doc(), Field.NULL_DEFAULT_VALUE);
    }
}
