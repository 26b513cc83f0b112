package dev.tidewheel.definitions.yaml;

import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.definitions.yaml.Yaml.Style;

/** From an offset in a scalar's value to its place in the file, through quotes, escapes and indentation. */
final class ScalarPlaces {
    private ScalarPlaces() {}

    static Place find(Scalar scalar, int offset) {
        String raw = scalar.raw();
        if (scalar.style() == Style.BLOCK) {
            return inBlock(scalar, offset);
        }
        if (raw.indexOf('\n') >= 0) {
            return scalar.place();
        }
        int index = scalar.style() == Style.PLAIN ? offset : 1;
        for (int done = 0; scalar.style() != Style.PLAIN && done < offset && index < raw.length(); done++) {
            index += width(raw, index, scalar.style());
        }
        int columns = raw.codePointCount(0, Math.min(index, raw.length()));
        return new Place(
                scalar.place().file(), scalar.place().line(), scalar.place().column() + columns);
    }

    /** How many raw characters write one character of the value. */
    private static int width(String raw, int index, Style style) {
        char first = raw.charAt(index);
        if (style == Style.SINGLE_QUOTED) {
            return first == '\'' ? 2 : 1;
        }
        if (first != '\\' || index + 1 == raw.length()) {
            return 1;
        }
        return switch (raw.charAt(index + 1)) {
            case 'x' -> 4;
            case 'u' -> 6;
            case 'U' -> 10;
            default -> 2;
        };
    }

    /** The value's lines are the raw lines behind the header, less their common indentation. */
    private static Place inBlock(Scalar scalar, int offset) {
        String before =
                scalar.text().substring(0, Math.min(offset, scalar.text().length()));
        String[] lines = scalar.raw().split("\n", -1);
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        boolean folded = scalar.raw().startsWith(">");
        if (line >= lines.length || folded && lines.length > 2 && !lines[2].isBlank()) {
            return scalar.place();
        }
        int indent = lines[1].length() - lines[1].stripLeading().length();
        int column = before.length() - (before.lastIndexOf('\n') + 1);
        return new Place(scalar.place().file(), scalar.place().line() + line, indent + column + 1);
    }
}
