package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import java.time.Duration;
import java.util.Optional;

/**
 * The values of a mapping with their ranges. What is out of range is a problem; a value that is in range is returned in
 * its place, so that the rest can be read.
 *
 * @param fields the mapping
 * @param problems takes what is wrong
 */
record Values(Fields fields, Problems problems) {

    String text(String key, String byDefault) {
        return fields.maybe(key).map(Scalar::text).orElse(byDefault);
    }

    Duration duration(String key) {
        return Scalars.duration(fields.text(key)).orElseThrow();
    }

    Duration duration(String key, String byDefault) {
        return Scalars.duration(text(key, byDefault)).orElseThrow();
    }

    double number(String key, Range range) {
        return inRange(key, fields.text(key), range);
    }

    double number(String key, String byDefault, Range range) {
        return inRange(key, text(key, byDefault), range);
    }

    private double inRange(String key, String text, Range range) {
        double value = Scalars.number(text).orElseThrow();
        if (range.contains().test(value)) {
            return value;
        }
        refuse(key, text, "a number " + range.words());
        return range.any();
    }

    int whole(String key, int most) {
        return (int) inRange(key, fields.text(key), most);
    }

    long whole(String key, String byDefault, long most) {
        return whole(key, Optional.of(byDefault), most).orElseThrow();
    }

    /** A whole number from 1, if it is written. */
    Optional<Long> maybeWhole(String key, long most) {
        return whole(key, Optional.empty(), most);
    }

    private Optional<Long> whole(String key, Optional<String> byDefault, long most) {
        return fields.maybe(key).map(Scalar::text).or(() -> byDefault).map(text -> inRange(key, text, most));
    }

    private long inRange(String key, String text, long most) {
        long value = Scalars.integer(text).orElseThrow();
        if (value >= 1 && value <= most) {
            return value;
        }
        refuse(key, text, "a whole number from 1 to " + most);
        return 1;
    }

    private void refuse(String key, String text, String remedy) {
        problems.add(
                fields.scalar(key).place(),
                ProblemCode.BAD_VALUE,
                "'" + key + "' cannot be " + text + "; write " + remedy);
    }
}
