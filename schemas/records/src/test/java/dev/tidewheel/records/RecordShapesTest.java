package dev.tidewheel.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a record must have so that it can grow, and so that Flink can take it as it is. */
class RecordShapesTest {
    static Stream<SpecificRecordBase> examples() {
        return Examples.all();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void namesItsTopic(SpecificRecordBase example) {
        assertThat(example.getSchema().getDoc()).startsWith("Topic tidewheel.").contains("Kafka key: ");
    }

    /** A reader must not fail at a constant that a later version adds. */
    @ParameterizedTest
    @MethodSource("examples")
    void enumsHaveADefault(SpecificRecordBase example) {
        assertThat(types(example.getSchema(), new TreeSet<>()))
                .filteredOn(type -> type.getType() == Schema.Type.ENUM)
                .allSatisfy(type ->
                        assertThat(type.getEnumDefault()).as(type.getName()).isIn("OTHER"));
    }

    /** An absent value is null, and null is what it is when the writer did not know the field. */
    @ParameterizedTest
    @MethodSource("examples")
    void unionsAreNullable(SpecificRecordBase example) {
        assertThat(types(example.getSchema(), new TreeSet<>()))
                .filteredOn(type -> type.getType() == Schema.Type.RECORD)
                .flatExtracting(Schema::getFields)
                .filteredOn(field -> field.schema().isUnion())
                .allSatisfy(field -> {
                    assertThat(field.schema().getTypes()).as(field.name()).hasSize(2);
                    assertThat(field.schema().getTypes().get(0).getType()).isEqualTo(Schema.Type.NULL);
                    assertThat(field.hasDefaultValue()).as(field.name()).isTrue();
                });
    }

    /** Flink's AvroTypeInfo refuses private fields without setters. */
    @ParameterizedTest
    @MethodSource("examples")
    void fieldsHaveSetters(SpecificRecordBase example) {
        List<String> setters = Arrays.stream(example.getClass().getMethods())
                .map(Method::getName)
                .filter(name -> name.startsWith("set"))
                .toList();
        assertThat(example.getSchema().getFields())
                .allSatisfy(field -> assertThat(setters)
                        .contains("set" + Character.toUpperCase(field.name().charAt(0))
                                + field.name().substring(1)));
    }

    /** The schema and all named schemas in it, each once. */
    private static List<Schema> types(Schema schema, Set<String> seen) {
        return switch (schema.getType()) {
            case RECORD ->
                seen.add(schema.getFullName())
                        ? Stream.concat(
                                        Stream.of(schema),
                                        schema.getFields().stream()
                                                .flatMap(field -> types(field.schema(), seen).stream()))
                                .toList()
                        : List.of();
            case ENUM -> List.of(schema);
            case ARRAY -> types(schema.getElementType(), seen);
            case MAP -> types(schema.getValueType(), seen);
            case UNION ->
                schema.getTypes().stream()
                        .flatMap(type -> types(type, seen).stream())
                        .toList();
            default -> List.of();
        };
    }
}
