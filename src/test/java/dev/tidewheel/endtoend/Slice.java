package dev.tidewheel.endtoend;

import dev.tidewheel.workbench.stack.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A few days of the flights, small enough to be played in a test: five days of history, three of them to learn from.
 *
 * @param definitions the flights' definitions, with a shorter training
 */
record Slice(Path definitions) {
    private static final Pattern CONTROL = Pattern.compile("(?m)^kind: (Monitor|Retraining|Rollout)$");

    /** The flights as they are. */
    static Slice in(Path folder) {
        return new Slice(copied(folder));
    }

    /**
     * The same, as if delays were known at the departure: then there are events at exactly the time asked, and a window
     * that wrongly includes its end shows. The views' own tests rightly protest, so they are left out.
     */
    static Slice withEventsAtTheTimeAsked(Path folder) {
        Slice slice = in(folder);
        replace(slice.definitions.resolve("source.yaml"), "knownTime: landing", "knownTime: date");
        for (String view : List.of("origin_delays.yaml", "route_delays.yaml")) {
            Path file = slice.definitions.resolve(view);
            String text = read(file);
            replace(file, text.substring(text.indexOf("\ntests:")), "\n");
        }
        return slice;
    }

    /**
     * The same with a control plane of its own, quick enough for a slice: see {@code resources/loop}. Three days of it
     * show an alert, starts by alert and by schedule, the gate and a whole rollout.
     */
    static Slice withQuickControl(Path folder) {
        Slice slice = in(folder);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Slice::isControl).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Repository repository = Repository.find();
        Path control = repository.root().resolve("src/test/resources/loop");
        try (Stream<Path> files = Files.list(control)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return slice;
    }

    /** The options of a demo that plays it, up to and without a day of February 2001. */
    List<String> options(int endDay, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--definitions=" + definitions,
                "--history-from=2001-01-27",
                "--from=2001-02-01",
                "--to=2001-02-0" + endDay));
        options.addAll(List.of(more));
        return options;
    }

    private static Path copied(Path folder) {
        try (Stream<Path> files = Files.list(Checkout.find().flights())) {
            for (Path file :
                    files.filter(file -> !file.toString().endsWith(".parquet")).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        replace(folder.resolve("model.yaml"), "2001-01-08T00:00:00Z", "2001-01-29T00:00:00Z");
        return folder;
    }

    private static boolean isControl(Path file) {
        return file.toString().endsWith(".yaml") && CONTROL.matcher(read(file)).find();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void replace(Path file, String text, String with) {
        String before = read(file);
        if (!before.contains(text)) {
            throw new IllegalStateException(file + " has no '" + text + "' any more");
        }
        try {
            Files.writeString(file, before.replace(text, with));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
