package dev.tidewheel.definitions.yaml;

import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.yaml.Yaml.Entry;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.definitions.yaml.Yaml.Style;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads a file's documents from the parser's events. Aliases and tags are refused: a definition says what it means
 * where it stands, and no small file can unfold into a large one. One use per file; not thread-safe.
 */
public final class YamlReader {
    /** Deeper than any definition; shallow enough for any stack. */
    private static final int MAX_DEPTH = 64;

    private final String file;
    private final String text;
    private final int[] offsets;
    private final Problems problems;

    private YamlReader(String file, String text, Problems problems) {
        this.file = file;
        this.text = text;
        this.offsets = offsets(text);
        this.problems = problems;
    }

    /**
     * All documents of a text.
     *
     * @param file its name, for places
     * @param problems takes what is wrong; the first wrong thing ends the reading
     * @return what was read before that; empty documents are left out
     */
    public static List<Yaml> read(String file, String text, Problems problems) {
        return new YamlReader(file, text, problems).documents();
    }

    private List<Yaml> documents() {
        List<Yaml> documents = new ArrayList<>();
        LoadSettings settings =
                LoadSettings.builder().setLabel(file).setUseMarks(true).build();
        try {
            Iterator<Event> events = new Parse(settings).parseString(text).iterator();
            while (events.hasNext()) {
                Event event = events.next();
                if (event instanceof NodeEvent) {
                    Yaml document = node(event, events, 0);
                    if (!(document instanceof Scalar scalar && scalar.isNull())) {
                        documents.add(document);
                    }
                }
            }
        } catch (Refused refused) {
            problems.add(refused.place, refused.code, refused.explanation);
        } catch (MarkedYamlEngineException wrong) {
            Place place = wrong.getProblemMark()
                    .or(wrong::getContextMark)
                    .map(this::place)
                    .orElseGet(() -> Place.startOf(file));
            problems.add(place, ProblemCode.YAML_SYNTAX, SyntaxRemedies.explain(wrong));
        } catch (ReaderException wrong) {
            problems.add(
                    placeOfIndex(wrong.getPosition()),
                    ProblemCode.YAML_SYNTAX,
                    "a character that YAML does not" + " allow (code point " + wrong.getCodePoint()
                            + "); take it out, or write it as an escape in double quotes");
        } catch (YamlEngineException wrong) {
            problems.add(Place.startOf(file), ProblemCode.YAML_SYNTAX, wrong.getMessage() + "; write YAML 1.2");
        }
        return documents;
    }

    private Yaml node(Event event, Iterator<Event> events, int depth) {
        Place place = place(event);
        if (depth > MAX_DEPTH) {
            throw new Refused(
                    place, ProblemCode.YAML_SYNTAX, "nested deeper than " + MAX_DEPTH + " levels; write fewer levels");
        }
        if (event instanceof AliasEvent alias) {
            throw new Refused(
                    place,
                    ProblemCode.YAML_ALIAS,
                    "the alias *" + alias.getAlias() + " is not allowed; write out what it stands for");
        }
        if (event instanceof ScalarEvent scalar) {
            refuseTag(scalar.getTag(), place);
            return scalar(scalar, place);
        }
        if (event instanceof SequenceStartEvent sequence) {
            refuseTag(sequence.getTag(), place);
            return sequence(events, place, depth);
        }
        if (event instanceof MappingStartEvent mapping) {
            refuseTag(mapping.getTag(), place);
            return mapping(events, place, depth);
        }
        throw new IllegalStateException("no node begins with " + event);
    }

    private static void refuseTag(Optional<String> tag, Place place) {
        if (tag.isPresent()) {
            throw new Refused(place, ProblemCode.YAML_TAG, "the tag " + tag.get() + " is not allowed; take it out");
        }
    }

    private Scalar scalar(ScalarEvent event, Place place) {
        int start = event.getStartMark().map(Mark::getIndex).orElse(0);
        int end = event.getEndMark().map(Mark::getIndex).orElse(start);
        return new Scalar(event.getValue(), style(event.getScalarStyle()), slice(start, end), place);
    }

    private static Style style(ScalarStyle style) {
        return switch (style) {
            case SINGLE_QUOTED -> Style.SINGLE_QUOTED;
            case DOUBLE_QUOTED, JSON_SCALAR_STYLE -> Style.DOUBLE_QUOTED;
            case LITERAL, FOLDED -> Style.BLOCK;
            case PLAIN -> Style.PLAIN;
        };
    }

    private String slice(int start, int end) {
        return text.substring(offsets[start], offsets[end]);
    }

    /** The parser counts code points; this gives where each begins, and the end. */
    private static int[] offsets(String text) {
        int[] offsets = new int[text.codePointCount(0, text.length()) + 1];
        for (int point = 1; point < offsets.length; point++) {
            offsets[point] = text.offsetByCodePoints(offsets[point - 1], 1);
        }
        return offsets;
    }

    private Yaml.Sequence sequence(Iterator<Event> events, Place place, int depth) {
        List<Yaml> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(node(event, events, depth + 1));
        }
        return new Yaml.Sequence(items, place);
    }

    private Yaml.Mapping mapping(Iterator<Event> events, Place place, int depth) {
        List<Entry> entries = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            Yaml key = node(event, events, depth + 1);
            if (!(key instanceof Scalar name)) {
                throw new Refused(
                        key.place(),
                        ProblemCode.YAML_SYNTAX,
                        "a key is a word, not " + key.what() + "; write key: value");
            }
            entries.add(new Entry(name, node(events.next(), events, depth + 1)));
        }
        return new Yaml.Mapping(entries, place);
    }

    private Place place(Event event) {
        return event.getStartMark().map(this::place).orElseGet(() -> Place.startOf(file));
    }

    private Place place(Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Place placeOfIndex(int index) {
        String before = text.substring(0, Math.min(Math.max(index, 0), text.length()));
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        return new Place(file, line, before.length() - before.lastIndexOf('\n'));
    }

    /** Ends the reading of a file; never leaves this class. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Place place;
        private final ProblemCode code;
        private final String explanation;

        Refused(Place place, ProblemCode code, String message) {
            super(message, null, false, false);
            this.place = place;
            this.code = code;
            this.explanation = message;
        }
    }
}
