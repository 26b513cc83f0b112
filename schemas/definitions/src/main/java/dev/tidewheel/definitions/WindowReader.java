package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Defaults;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml;
import dev.tidewheel.definitions.yaml.Yaml.Mapping;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.feature.window.Window;
import java.time.Duration;
import java.util.Optional;

/** A feature's windows: {@code 1h}, {@code lifetime}, {@code {tumbling: 1d}} and so on. */
final class WindowReader {
    private static final long MOST_EVENTS = 100_000;
    private static final long MOST_ROWS = 10_000;

    private final Problems problems;

    WindowReader(Problems problems) {
        this.problems = problems;
    }

    /** What the window adds to the feature's name: itself as it is written; nothing for a lifetime. */
    static String suffix(Yaml window) {
        if (window instanceof Scalar scalar) {
            return scalar.text().equals(Scalars.LIFETIME) ? "" : "_" + scalar.text();
        }
        Fields mapping = new Fields((Mapping) window);
        return switch (kind(mapping)) {
            case "tumbling" -> "_tumbling_" + mapping.text("tumbling");
            case "hopping" -> "_hopping_" + mapping.text("hopping") + "_" + mapping.text("every");
            case "session" -> "_session_" + mapping.text("session");
            default -> "_rows_" + Scalars.integer(mapping.text("rows")).orElseThrow();
        };
    }

    private static String kind(Fields window) {
        for (String kind : new String[] {"tumbling", "hopping", "session"}) {
            if (window.maybe(kind).isPresent()) {
                return kind;
            }
        }
        return "rows";
    }

    /** Holds what is written beside the windows against them. */
    void check(Fields feature) {
        Optional<Scalar> resolution = feature.maybe("resolution");
        boolean hasTail = feature.nodes("windows").stream()
                .anyMatch(
                        window -> window instanceof Scalar text && !text.text().equals(Scalars.LIFETIME));
        if (resolution.isPresent() && !hasTail) {
            wrong(
                    resolution.get(),
                    "only a window that is a duration has a 'resolution'; take it out, or write a window such as 24h");
        }
        Optional<Scalar> maxEvents = feature.maybe("maxEvents");
        if (maxEvents.isPresent() && !resolution.map(WindowReader::isExact).orElse(false)) {
            wrong(maxEvents.get(), "'maxEvents' bounds exact windows; write resolution: 0 beside it, or take it out");
        }
    }

    private static boolean isExact(Scalar resolution) {
        return Scalars.resolution(resolution.text()).orElseThrow().isZero();
    }

    private void wrong(Yaml node, String message) {
        problems.add(node.place(), ProblemCode.WINDOW, message);
    }

    /** The window, if it can be. */
    Optional<Window> read(Fields feature, Yaml node) {
        if (node instanceof Scalar text) {
            return text.text().equals(Scalars.LIFETIME)
                    ? Optional.of(new Window.Lifetime())
                    : lookingBack(feature, text);
        }
        Fields mapping = new Fields((Mapping) node);
        return switch (kind(mapping)) {
            case "tumbling" -> {
                long length = millis(mapping.scalar("tumbling"));
                yield Optional.of(new Window.Hopping(length, length));
            }
            case "hopping" -> hopping(mapping);
            case "session" -> session(mapping);
            default -> rows(mapping);
        };
    }

    private Optional<Window> lookingBack(Fields feature, Scalar text) {
        long length = millis(text);
        Optional<Scalar> resolution = feature.maybe("resolution");
        if (resolution.isEmpty()) {
            return Optional.of(Window.Sliding.of(length));
        }
        if (isExact(resolution.get())) {
            return maxEvents(feature).map(most -> new Window.Exact(length, most));
        }
        long hop = millis(resolution.get());
        if (hop > length) {
            wrong(
                    resolution.get(),
                    "the resolution " + resolution.get().text() + " is longer than the window " + text.text()
                            + "; write at most the window's length");
            return Optional.empty();
        }
        return Optional.of(new Window.Sliding(length, hop));
    }

    private Optional<Integer> maxEvents(Fields feature) {
        Optional<Scalar> written = feature.maybe("maxEvents");
        long most = Scalars.integer(written.map(Scalar::text).orElse(Defaults.MAX_EVENTS))
                .orElseThrow();
        if (most < 1 || most > MOST_EVENTS) {
            wrong(
                    written.orElseThrow(),
                    "'maxEvents' cannot be " + most + "; write a whole number from 1 to " + MOST_EVENTS);
            return Optional.empty();
        }
        return Optional.of((int) most);
    }

    private Optional<Window> hopping(Fields window) {
        long length = millis(window.scalar("hopping"));
        long hop = millis(window.scalar("every"));
        if (hop > length) {
            wrong(
                    window.scalar("every"),
                    "windows of " + window.text("hopping") + " every " + window.text("every")
                            + " would leave events out; write an 'every' of at most " + window.text("hopping"));
            return Optional.empty();
        }
        return Optional.of(new Window.Hopping(length, hop));
    }

    private Optional<Window> session(Fields window) {
        long gap = millis(window.scalar("session"));
        long most = millis(window.scalar("maxLength"));
        if (most < gap) {
            wrong(
                    window.scalar("maxLength"),
                    "a session that may pause for " + window.text("session") + " cannot end after "
                            + window.text("maxLength") + "; write a 'maxLength' of at least " + window.text("session"));
            return Optional.empty();
        }
        return Optional.of(new Window.Session(gap, most));
    }

    private Optional<Window> rows(Fields window) {
        long count = Scalars.integer(window.text("rows")).orElseThrow();
        if (count < 1 || count > MOST_ROWS) {
            wrong(window.scalar("rows"), "'rows' cannot be " + count + "; write a whole number from 1 to " + MOST_ROWS);
            return Optional.empty();
        }
        return Optional.of(new Window.Rows((int) count));
    }

    private static long millis(Scalar text) {
        return Scalars.duration(text.text()).map(Duration::toMillis).orElseThrow();
    }
}
