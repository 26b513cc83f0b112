package dev.tidewheel.workbench.cli;

import picocli.CommandLine.Command;

/** Records that could not be used. */
@Command(
        name = "dead-letters",
        description = {
            "Shows records that could not be used, with the reason; sends them again, or lays them aside.",
            "A letter is open until it was replayed or dropped; it is never deleted."
        },
        mixinStandardHelpOptions = true,
        subcommands = {
            DeadLettersListCommand.class,
            DeadLettersShowCommand.class,
            DeadLettersReplayCommand.class,
            DeadLettersDropCommand.class
        })
final class DeadLettersCommand {}
