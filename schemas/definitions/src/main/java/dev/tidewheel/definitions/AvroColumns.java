package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.yaml.Yaml;
import dev.tidewheel.definitions.yaml.Yaml.Mapping;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.definitions.yaml.Yaml.Sequence;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The columns of an Avro record. Fields whose types are no columns are left out; naming one of them is an error that
 * says why.
 */
final class AvroColumns {
    private static final Set<String> INSTANTS = Set.of("timestamp-millis", "timestamp-micros");

    private final List<Column> columns = new ArrayList<>();
    private final Map<String, String> leftOut = new TreeMap<>();
    private final Set<String> enums = new HashSet<>();
    private final Problems problems;

    private AvroColumns(Problems problems) {
        this.problems = problems;
    }

    /**
     * Reads a record schema.
     *
     * @param problems takes what is wrong with it
     * @return empty if it is not a record schema
     */
    static Optional<Columns> read(Yaml schema, Problems problems) {
        AvroColumns reader = new AvroColumns(problems);
        return reader.fields(schema)
                ? Optional.of(new Columns(new RowSchema(reader.columns), reader.leftOut))
                : Optional.empty();
    }

    private boolean fields(Yaml schema) {
        if (!(schema instanceof Mapping record) || !"record".equals(text(record.get("type")))) {
            return wrong(
                    schema,
                    "the schema is not an Avro record; write {\"type\": \"record\", \"name\": …, \"fields\": […]}");
        }
        if (!(record.get("fields").orElse(schema) instanceof Sequence fields)) {
            return wrong(schema, "the record has no list of fields; write \"fields\": [{\"name\": …, \"type\": …}]");
        }
        boolean right = true;
        Set<String> names = new HashSet<>();
        for (Yaml item : fields.items()) {
            right &= field(item, names);
        }
        return right;
    }

    private boolean field(Yaml item, Set<String> names) {
        if (!(item instanceof Mapping field)
                || text(field.get("name")).isEmpty()
                || field.get("type").isEmpty()) {
            return wrong(item, "a field is a mapping with \"name\" and \"type\"; write {\"name\": …, \"type\": …}");
        }
        String name = text(field.get("name"));
        if (!names.add(name)) {
            return wrong(item, "the field '" + name + "' occurs twice; rename one of them");
        }
        Yaml type = field.get("type").get();
        Optional<ColumnType> column = columnType(type);
        column.ifPresentOrElse(
                known -> columns.add(new Column(name, known)),
                () -> leftOut.put(
                        name,
                        "its Avro type " + shown(type) + " is no column type; declare it as a long, double,"
                                + " boolean, string, enum or timestamp-millis, or null with one of them"));
        return true;
    }

    private Optional<ColumnType> columnType(Yaml type) {
        if (type instanceof Scalar name) {
            return primitive(name.text());
        }
        if (type instanceof Sequence union) {
            List<Yaml> branches = union.items().stream()
                    .filter(branch ->
                            !(branch instanceof Scalar scalar && scalar.text().equals("null")))
                    .toList();
            return branches.size() == 1 ? columnType(branches.get(0)) : Optional.empty();
        }
        Mapping mapping = (Mapping) type;
        String logical = text(mapping.get("logicalType"));
        Optional<Yaml> inner = mapping.get("type");
        if ("enum".equals(text(inner))) {
            enums.add(text(mapping.get("name")));
            return Optional.of(ColumnType.STRING);
        }
        if (INSTANTS.contains(logical)) {
            return "long".equals(text(inner)) ? Optional.of(ColumnType.TIMESTAMP) : Optional.empty();
        }
        boolean plain = logical.isEmpty() || logical.equals("uuid");
        return plain ? inner.flatMap(this::columnType) : Optional.empty();
    }

    private Optional<ColumnType> primitive(String name) {
        return switch (name) {
            case "int", "long" -> Optional.of(ColumnType.INT64);
            case "float", "double" -> Optional.of(ColumnType.FLOAT64);
            case "boolean" -> Optional.of(ColumnType.BOOL);
            case "string" -> Optional.of(ColumnType.STRING);
            default -> enums.contains(name) ? Optional.of(ColumnType.STRING) : Optional.empty();
        };
    }

    private static String shown(Yaml type) {
        if (type instanceof Scalar scalar) {
            return scalar.text();
        }
        if (type instanceof Mapping mapping) {
            String logical = text(mapping.get("logicalType"));
            return logical.isEmpty() ? text(mapping.get("type")) : logical;
        }
        return "union";
    }

    private static String text(Optional<Yaml> node) {
        return node.orElse(null) instanceof Scalar scalar ? scalar.text() : "";
    }

    private boolean wrong(Yaml at, String message) {
        problems.add(at.place(), ProblemCode.BAD_SCHEMA, message);
        return false;
    }
}
