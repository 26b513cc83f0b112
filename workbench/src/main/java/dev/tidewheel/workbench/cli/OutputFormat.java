package dev.tidewheel.workbench.cli;

/** For whom a command writes its result. */
public enum OutputFormat {
    TEXT,
    JSON
}
