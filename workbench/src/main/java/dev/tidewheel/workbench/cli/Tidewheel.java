package dev.tidewheel.workbench.cli;

import dev.tidewheel.definitions.DefinitionsException;
import dev.tidewheel.runtime.config.ConfigException;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import dev.tidewheel.store.StoreUnavailableException;
import dev.tidewheel.submission.FlinkRefusedException;
import dev.tidewheel.submission.FlinkUnavailableException;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** All commands. */
@Command(
        name = "tidewheel",
        description = "Streaming features, served models, and a log that explains itself.",
        mixinStandardHelpOptions = true,
        version = "tidewheel 0.1.0",
        subcommands = {
            DemoCommand.class,
            ValidateCommand.class,
            PlanCommand.class,
            ApplyCommand.class,
            LineagesCommand.class,
            RetireCommand.class,
            BackfillCommand.class,
            BooksCommand.class,
            EraseCommand.class,
            JobsCommand.class,
            DeadLettersCommand.class,
            CareCommand.class,
            TrainingSetCommand.class,
            InspectCommand.class,
            SetsCommand.class,
            PreviewCommand.class,
            ExplainCommand.class,
            ParityCommand.class,
            LifecycleCommand.class,
            ProfileCommand.class,
            FetchCommand.class,
            StatusCommand.class,
            StopCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all is well",
            "1:the work was done, and what it looked at is wrong",
            "2:the command line is wrong",
            "3:the work could not be done; the message says what to do",
            "4:what can be done now is done, the rest waits for something else",
            "130:stopped by Ctrl-C"
        })
public final class Tidewheel {
    private Tidewheel() {}

    /** Runs one command and returns its exit code. */
    public static int run(String... arguments) {
        return commandLine().execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Tidewheel())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Tidewheel::misspelt)
                .setExecutionExceptionHandler(Tidewheel::failed);
    }

    /** The whole usage would hide what is wrong. */
    private static int misspelt(ParameterException error, String... arguments) {
        CommandLine command = error.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(error.getMessage());
        UnmatchedArgumentException.printSuggestions(error, err);
        err.println("see " + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int failed(Exception error, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (error instanceof InterruptedException) {
            return ExitCode.INTERRUPTED;
        }
        if (isForTheUser(error)) {
            err.println(command.getCommandSpec().qualifiedName() + ": " + error.getMessage());
        } else {
            StringWriter trace = new StringWriter();
            error.printStackTrace(new PrintWriter(trace));
            err.println(command.getCommandSpec().qualifiedName() + " failed in a way that nobody foresaw:\n" + trace);
        }
        err.flush();
        return ExitCode.FAILED;
    }

    private static boolean isForTheUser(Exception error) {
        return error instanceof WorkbenchException
                || error instanceof ConfigException
                || error instanceof KafkaUnavailableException
                || error instanceof DefinitionsException
                || error instanceof StoreUnavailableException
                || error instanceof FlinkUnavailableException
                || error instanceof FlinkRefusedException;
    }
}
