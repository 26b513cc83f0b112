package dev.tidewheel.definitions.shape;

import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Shape.Choice;
import dev.tidewheel.definitions.shape.Shape.Field;
import dev.tidewheel.definitions.shape.Shape.FileOrInline;
import dev.tidewheel.definitions.shape.Shape.ListOf;
import dev.tidewheel.definitions.shape.Shape.NameOrInline;
import dev.tidewheel.definitions.shape.Shape.Open;
import dev.tidewheel.definitions.shape.Shape.Struct;
import dev.tidewheel.definitions.shape.Shape.Variants;
import dev.tidewheel.definitions.yaml.Yaml;
import dev.tidewheel.definitions.yaml.Yaml.Entry;
import dev.tidewheel.definitions.yaml.Yaml.Mapping;
import dev.tidewheel.definitions.yaml.Yaml.Sequence;
import dev.tidewheel.feature.expression.Spelling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Holds a document against its shape. What does not fit is reported and pruned, so that whatever is left can be read
 * without asking again, and one wrong feature does not hide what is wrong with the next.
 */
public final class ShapeCheck {
    private final Problems problems;

    /**
     * @param problems takes what does not fit
     */
    public ShapeCheck(Problems problems) {
        this.problems = problems;
    }

    /** The struct without what does not fit; empty if something required is missing. */
    public Optional<Mapping> struct(Yaml node, Struct shape) {
        return mapping(node, shape, shape.name(), false).map(Mapping.class::cast);
    }

    private Optional<Yaml> prune(Yaml node, Shape shape, String where) {
        if (shape instanceof Shape.Scalar scalar) {
            return scalar(node, scalar.type(), where);
        } else if (shape instanceof Choice choice) {
            return choice(node, choice, where);
        } else if (shape instanceof ListOf list) {
            return list(node, list, where);
        } else if (shape instanceof Struct struct) {
            return mapping(node, struct, where, false);
        } else if (shape instanceof Variants variants) {
            return variant(node, variants, where);
        } else if (shape instanceof Open open) {
            return open(node, open, where);
        } else if (shape instanceof NameOrInline either) {
            return node instanceof Mapping
                    ? mapping(node, either.inline(), where, true)
                    : scalar(node, ScalarType.NAME, where);
        }
        return fileOrInline(node, (FileOrInline) shape, where);
    }

    private Optional<Yaml> scalar(Yaml node, ScalarType type, String where) {
        if (!(node instanceof Yaml.Scalar scalar)) {
            return wrongType(node, where, type.remedy());
        }
        if (type == ScalarType.LITERAL) {
            return Optional.of(node);
        }
        if (scalar.isNull()) {
            return wrongType(node, where, type.remedy());
        }
        Optional<String> fault = type.fault(scalar.text());
        fault.ifPresent(remedy ->
                problems.add(node.place(), type.code(), "'" + where + "' cannot be " + node.what() + "; " + remedy));
        return fault.isPresent() ? Optional.empty() : Optional.of(node);
    }

    private Optional<Yaml> wrongType(Yaml node, String where, String remedy) {
        problems.add(
                node.place(), ProblemCode.WRONG_TYPE, "'" + where + "' cannot be " + node.what() + "; write " + remedy);
        return Optional.empty();
    }

    private Optional<Yaml> choice(Yaml node, Choice choice, String where) {
        if (!(node instanceof Yaml.Scalar scalar)) {
            return wrongType(node, where, choice.title());
        }
        if (!choice.words().contains(scalar.text())) {
            problems.add(
                    node.place(),
                    ProblemCode.BAD_VALUE,
                    "'" + where + "' cannot be " + node.what() + Spelling.hint(scalar.text(), choice.words()));
            return Optional.empty();
        }
        return Optional.of(node);
    }

    private Optional<Yaml> variant(Yaml node, Variants variants, String where) {
        if (!(node instanceof Mapping mapping)) {
            return scalar(node, variants.plain(), where);
        }
        Optional<Struct> struct = variants.struct(mapping);
        if (struct.isEmpty()) {
            String written = mapping.entries().isEmpty()
                    ? ""
                    : mapping.entries().get(0).key().text();
            problems.add(
                    node.place(),
                    ProblemCode.MISSING_KEY,
                    "'" + where + "' cannot be a mapping without one of the keys " + String.join(", ", variants.keys())
                            + Spelling.hint(written, variants.keys()));
            return Optional.empty();
        }
        return mapping(node, struct.get(), where, true);
    }

    private Optional<Yaml> list(Yaml node, ListOf shape, String where) {
        if (!(node instanceof Sequence sequence)) {
            return wrongType(node, where, "a list, such as [a, b]");
        }
        if (sequence.items().isEmpty() && !shape.mayBeEmpty()) {
            problems.add(node.place(), ProblemCode.MISSING_KEY, "'" + where + "' is empty; write at least one item");
            return Optional.empty();
        }
        List<Yaml> kept = new ArrayList<>();
        for (Yaml item : sequence.items()) {
            Optional<Yaml> fits = shape.item() instanceof Struct struct
                    ? mapping(item, struct, where, true)
                    : prune(item, shape.item(), where);
            fits.ifPresent(kept::add);
        }
        return Optional.of(new Sequence(kept, node.place()));
    }

    /**
     * @param wholly whether one broken value breaks it all: an item of a list without its input would be misread, a
     *     whole definition without it can still be checked
     */
    private Optional<Yaml> mapping(Yaml node, Struct shape, String where, boolean wholly) {
        if (!(node instanceof Mapping mapping)) {
            return wrongType(node, where, "a mapping with " + String.join(", ", shape.keys()));
        }
        List<Entry> kept = new ArrayList<>();
        Set<String> broken = new HashSet<>();
        for (Entry entry : withoutDuplicates(mapping)) {
            Optional<Field> field = shape.field(entry.key().text());
            if (field.isEmpty()) {
                broken.add(unknownKey(entry.key(), shape, where));
                continue;
            }
            if (shape.isReplaced(entry.key().text(), mapping)) {
                replaced(entry.key(), shape);
                continue;
            }
            Optional<Yaml> value =
                    prune(entry.value(), field.get().shape(), field.get().key());
            value.ifPresentOrElse(
                    fits -> kept.add(new Entry(entry.key(), fits)),
                    () -> broken.add(entry.key().text()));
        }
        Mapping pruned = new Mapping(kept, node.place());
        boolean usable = complete(pruned, mapping, shape, broken, where)
                && !(wholly && shape.keys().stream().anyMatch(broken::contains));
        return usable ? Optional.of(pruned) : Optional.empty();
    }

    /** Reports the key, and returns the one that was probably meant, so that it is not reported as missing too. */
    private String unknownKey(Yaml.Scalar key, Struct shape, String where) {
        problems.add(
                key.place(),
                ProblemCode.UNKNOWN_KEY,
                "'" + where + "' has no key " + key.what() + Spelling.hint(key.text(), shape.keys()));
        return Spelling.closest(key.text(), shape.keys()).orElse(key.text());
    }

    private void replaced(Yaml.Scalar key, Struct shape) {
        problems.add(
                key.place(),
                ProblemCode.BAD_VALUE,
                key.what() + " does not go with '"
                        + shape.instead().orElseThrow().key() + "'; leave one of them out");
    }

    /** Whether everything required is there and fits; what is broken was reported already. */
    private boolean complete(Mapping pruned, Mapping written, Struct shape, Set<String> broken, String where) {
        boolean complete = shape.instead().map(Shape.Instead::key).stream().noneMatch(broken::contains);
        for (Field field : shape.fields()) {
            boolean needed = field.required() && !shape.isReplaced(field.key(), written);
            if (needed && pruned.get(field.key()).isEmpty()) {
                complete = false;
                if (!broken.contains(field.key())) {
                    problems.add(
                            pruned.place(),
                            ProblemCode.MISSING_KEY,
                            "'" + where + "' needs the key '" + field.key() + "'; write '" + field.key() + ": <"
                                    + field.shape().title() + ">', " + field.meaning());
                }
            }
        }
        return complete;
    }

    private List<Entry> withoutDuplicates(Mapping mapping) {
        List<Entry> kept = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Entry entry : mapping.entries()) {
            if (seen.add(entry.key().text())) {
                kept.add(entry);
            } else {
                problems.add(
                        entry.key().place(),
                        ProblemCode.DUPLICATE_KEY,
                        "the key " + entry.key().what() + " is written twice; keep one of them");
            }
        }
        return kept;
    }

    private Optional<Yaml> open(Yaml node, Open shape, String where) {
        if (!(node instanceof Mapping mapping)) {
            return wrongType(node, where, "a mapping, such as {name: value}");
        }
        List<Entry> kept = new ArrayList<>();
        for (Entry entry : withoutDuplicates(mapping)) {
            String key = entry.key().text();
            Optional<Yaml> value = shape.orList() && entry.value() instanceof Sequence
                    ? list(entry.value(), shape.list(), key)
                    : scalar(entry.value(), shape.value(), key);
            value.ifPresent(fits -> kept.add(new Entry(entry.key(), fits)));
        }
        return Optional.of(new Mapping(kept, node.place()));
    }

    private Optional<Yaml> fileOrInline(Yaml node, FileOrInline shape, String where) {
        if (node instanceof Mapping) {
            return Optional.of(node);
        }
        if (node instanceof Yaml.Scalar scalar
                && !scalar.isNull()
                && !scalar.text().isBlank()) {
            return Optional.of(node);
        }
        return wrongType(node, where, "the " + shape.title() + ", such as flight.avsc");
    }
}
