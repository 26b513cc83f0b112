package dev.tidewheel.definitions.yaml;

import dev.tidewheel.definitions.problem.Place;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A node of a YAML document. Scalars are texts: what they mean is decided by what is expected where they stand, so
 * {@code no} is a country where a country is expected.
 */
public sealed interface Yaml {

    /** Where it begins. */
    Place place();

    /** What it is, for messages. */
    String what();

    /** How a scalar is written. */
    enum Style {
        PLAIN,
        SINGLE_QUOTED,
        DOUBLE_QUOTED,
        BLOCK
    }

    /**
     * A single value.
     *
     * @param text its value
     * @param style how it is written
     * @param raw its characters in the file, quotes and escapes included
     * @param place where the raw characters begin
     */
    record Scalar(String text, Style style, String raw, Place place) implements Yaml {
        private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

        public Scalar {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(style, "style");
            Objects.requireNonNull(raw, "raw");
            Objects.requireNonNull(place, "place");
        }

        /** Whether it is written as null, or not written at all. */
        public boolean isNull() {
            return style == Style.PLAIN && NULLS.contains(text);
        }

        @Override
        public String what() {
            if (isNull()) {
                return "nothing";
            }
            return "'" + (text.length() > 40 ? text.substring(0, 40) + "…" : text).replace("\n", "\\n") + "'";
        }

        /** Where a character of the text stands in the file, as exactly as the style allows. */
        public Place placeOf(int offset) {
            return ScalarPlaces.find(this, offset);
        }
    }

    /** A list. */
    record Sequence(List<Yaml> items, Place place) implements Yaml {
        public Sequence {
            items = List.copyOf(items);
            Objects.requireNonNull(place, "place");
        }

        @Override
        public String what() {
            return "a list";
        }
    }

    /** Keys with values, in the order in which they are written. */
    record Mapping(List<Entry> entries, Place place) implements Yaml {
        public Mapping {
            entries = List.copyOf(entries);
            Objects.requireNonNull(place, "place");
        }

        @Override
        public String what() {
            return "a mapping";
        }

        /** The value of a key; of the first, if it is written twice. */
        public Optional<Yaml> get(String key) {
            return entries.stream()
                    .filter(entry -> entry.key().text().equals(key))
                    .map(Entry::value)
                    .findFirst();
        }
    }

    /** One line of a mapping. */
    record Entry(Scalar key, Yaml value) {
        public Entry {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
        }
    }
}
