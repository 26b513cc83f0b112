package dev.tidewheel.workbench.cli;

import picocli.CommandLine.Command;

/** What the lifecycle decided, and what a person may ask of it. */
@Command(
        name = "lifecycle",
        description = "Shows what the lifecycle decided and why, decides it again, and asks it for something.",
        mixinStandardHelpOptions = true,
        subcommands = {
            LifecycleStatusCommand.class,
            LifecycleLogCommand.class,
            LifecycleReplayCommand.class,
            LifecycleTriggerCommand.class,
            LifecycleRollbackCommand.class
        })
final class LifecycleCommand {}
