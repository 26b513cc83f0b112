package dev.tidewheel.workbench.cli;

import picocli.CommandLine.Command;

/** The jobs on a Flink cluster. */
@Command(
        name = "jobs",
        description = "Lists the jobs on a Flink cluster, and has one take up changed definitions.",
        mixinStandardHelpOptions = true,
        subcommands = {JobsListCommand.class, JobsRestartCommand.class})
final class JobsCommand {}
