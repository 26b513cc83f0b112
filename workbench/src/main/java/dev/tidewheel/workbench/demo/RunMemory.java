package dev.tidewheel.workbench.demo;

import dev.tidewheel.workbench.stack.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a run's folder knows of earlier starts: whether they played the same story, and whether they came to its end. */
public final class RunMemory {
    private final RunDirectory run;
    private final Path story;
    private final Path finished;

    public RunMemory(RunDirectory run) {
        this.run = run;
        this.story = run.root().resolve("story.txt");
        this.finished = run.root().resolve("finished");
    }

    /** Whether an earlier start played the same story and did not come to its end. */
    public boolean canGoOn(DemoSettings settings) {
        try {
            return Files.exists(story)
                    && !Files.exists(finished)
                    && Files.readString(story).equals(settings.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + story, e);
        }
    }

    /** The story has been played to its end: the next start begins anew. */
    void finish() {
        try {
            Files.writeString(finished, "");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + finished, e);
        }
    }

    /** Begins a story with nothing. */
    public void begin(DemoSettings settings) {
        run.clear();
        try {
            Files.createDirectories(run.root());
            Files.writeString(story, settings.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + story, e);
        }
    }
}
