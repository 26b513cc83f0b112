package dev.tidewheel.definitions.shape;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What may be written in a place of a definition. */
public sealed interface Shape {

    /** In words, for messages and documentation. */
    String title();

    /** A single value. */
    record Scalar(ScalarType type) implements Shape {
        @Override
        public String title() {
            return type.title();
        }
    }

    /** One of a few words. */
    record Choice(List<String> words) implements Shape {
        public Choice {
            words = List.copyOf(words);
        }

        @Override
        public String title() {
            return "one of " + String.join(", ", words);
        }
    }

    /** Several of the same; at least one unless {@code mayBeEmpty}. */
    record ListOf(Shape item, boolean mayBeEmpty) implements Shape {
        @Override
        public String title() {
            return "list of " + item.title();
        }
    }

    /** Known keys. */
    record Struct(String name, List<Field> fields) implements Shape {
        public Struct {
            Objects.requireNonNull(name, "name");
            fields = List.copyOf(fields);
        }

        @Override
        public String title() {
            return "mapping";
        }

        /** The field of a key. */
        public Optional<Field> field(String key) {
            return fields.stream().filter(field -> field.key().equals(key)).findFirst();
        }

        /** The names of its keys. */
        public List<String> keys() {
            return fields.stream().map(Field::key).toList();
        }
    }

    /** Keys that the definition itself names, such as columns. */
    record Open(ScalarType value) implements Shape {
        @Override
        public String title() {
            return "mapping of names to " + value.title();
        }
    }

    /** The name of a file, or what would stand in it. */
    record FileOrInline() implements Shape {
        @Override
        public String title() {
            return "file name";
        }
    }

    /**
     * A key of a struct.
     *
     * @param key as it is written
     * @param shape what may stand behind it
     * @param required whether it must be written
     * @param meaning one sentence for the documentation and for editors
     */
    record Field(String key, Shape shape, boolean required, String meaning) {
        public Field {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(shape, "shape");
            Objects.requireNonNull(meaning, "meaning");
        }
    }
}
