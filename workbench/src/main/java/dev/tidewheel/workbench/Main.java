package dev.tidewheel.workbench;

import dev.tidewheel.workbench.cli.Tidewheel;

/** The {@code tidewheel} command. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // Before anything logs: a person's terminal is no place for JSON.
        System.setProperty("log4j2.configurationFile", "workbench-log4j2.xml");
        System.exit(Tidewheel.run(arguments));
    }
}
