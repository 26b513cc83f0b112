package dev.tidewheel.definitions.shape;

import dev.tidewheel.definitions.yaml.Yaml;
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

    /**
     * Known keys.
     *
     * @param instead a key that stands for others
     */
    record Struct(String name, List<Field> fields, Optional<Instead> instead) implements Shape {
        public Struct {
            Objects.requireNonNull(name, "name");
            fields = List.copyOf(fields);
            Objects.requireNonNull(instead, "instead");
        }

        /** Whose keys stand for themselves. */
        public Struct(String name, List<Field> fields) {
            this(name, fields, Optional.empty());
        }

        /** Whether a key stands for others here, which are then neither needed nor allowed. */
        boolean isReplaced(String key, Yaml.Mapping mapping) {
            return instead.filter(other -> mapping.get(other.key()).isPresent())
                    .filter(other -> other.of().contains(key))
                    .isPresent();
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

    /**
     * A single value, or a mapping that its first key tells from the others.
     *
     * @param plain the single value
     * @param structs the mappings; the first key of each is required and belongs to it alone
     */
    record Variants(ScalarType plain, List<Struct> structs) implements Shape {
        public Variants {
            Objects.requireNonNull(plain, "plain");
            structs = List.copyOf(structs);
        }

        @Override
        public String title() {
            return plain.title();
        }

        /** The keys that tell the mappings from each other. */
        public List<String> keys() {
            return structs.stream().map(struct -> struct.keys().get(0)).toList();
        }

        /** Which of the mappings it is; empty if it has none of their first keys. */
        public Optional<Struct> struct(Yaml.Mapping mapping) {
            return structs.stream()
                    .filter(struct -> mapping.get(struct.keys().get(0)).isPresent())
                    .findFirst();
        }
    }

    /**
     * Keys that the definition itself names, such as columns.
     *
     * @param value what stands behind each
     * @param orList whether a list of such values may stand there too
     */
    record Open(ScalarType value, boolean orList) implements Shape {
        Open(ScalarType value) {
            this(value, false);
        }

        @Override
        public String title() {
            return "mapping of names to " + value.title() + (orList ? "s or lists of them" : "");
        }

        /** What stands behind a key when it is a list. */
        public ListOf list() {
            return new ListOf(new Scalar(value), false);
        }
    }

    /**
     * A key that is written instead of others.
     *
     * @param of the others
     */
    record Instead(String key, List<String> of) {
        public Instead {
            Objects.requireNonNull(key, "key");
            of = List.copyOf(of);
        }
    }

    /**
     * The name of another definition, or what it says, as the registry holds it.
     *
     * @param inline what it says
     */
    record NameOrInline(Struct inline) implements Shape {
        @Override
        public String title() {
            return ScalarType.NAME.title();
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
