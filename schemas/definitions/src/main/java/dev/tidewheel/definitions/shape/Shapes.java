package dev.tidewheel.definitions.shape;

import dev.tidewheel.definitions.shape.Shape.Field;
import dev.tidewheel.definitions.shape.Shape.ListOf;
import dev.tidewheel.definitions.shape.Shape.Struct;
import java.util.List;

/** Short words for writing shapes down. */
final class Shapes {
    private Shapes() {}

    static Struct struct(String name, Field... fields) {
        return new Struct(name, List.of(fields));
    }

    static Shape scalar(ScalarType type) {
        return new Shape.Scalar(type);
    }

    static Shape list(Shape item) {
        return new ListOf(item, false);
    }

    static Field required(String key, Shape shape, String meaning) {
        return new Field(key, shape, true, meaning);
    }

    static Field optional(String key, Shape shape, String meaning) {
        return new Field(key, shape, false, meaning);
    }
}
