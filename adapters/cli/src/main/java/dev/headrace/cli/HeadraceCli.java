package dev.headrace.cli;

import dev.headrace.capability.Integration;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The {@code headrace} command, and the command that any {@link Integration} is.
 *
 * <p>Data goes to standard output and everything else to standard error; a failure is one line there, and an exit code: 0 done, 1 the remote
 * or the network failed, 2 wrong usage, 3 the user must change something, 4 the data cannot be trusted, 5 this machine failed, 130
 * interrupted. {@code -v} shows what was sent and received, and how a failure came about. Warnings that the library and integrations log go to
 * standard error as well; the artifact brings {@code slf4j-simple} for that, which a program with a log of its own excludes.
 *
 * <p>The program {@code headrace} fetches, downloads and reads records and events of a URL, checks it, reads, validates and serves the streams of
 * a YAML spec, gives them to Airbyte, serves the integration of a jar, and writes projects of new integrations.
 *
 * <p>An integration's command is called by the integration's id. It has a subcommand for each capability, {@code info} and {@code openapi},
 * {@code serve}, and, if there are streams, {@code read}, {@code check}, {@code discover} and {@code airbyte}. A capability writes its envelope
 * on one line to standard output, whether it failed or not; a failure also has its line on standard error and ends with the exit code of its
 * kind, or with 2 if the integration refused the document ({@code bad_request}). {@code airbyte} ends with 1 whatever failed.
 */
@Command(
        name = "headrace",
        description =
                "Remote HTTP streams at a shell prompt: bytes, records, events, files, record streams and integrations.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = HeadraceCli.Version.class,
        mixinStandardHelpOptions = true)
public final class HeadraceCli implements Runnable {

    /** In the order in which help shows them. */
    private static final List<String> COMMANDS = List.of(
            "fetch",
            "records",
            "events",
            "download",
            "check",
            "read",
            "validate",
            AirbyteCommand.NAME,
            ServeOptions.COMMAND,
            "scaffold");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private HeadraceCli() {}

    /**
     * Runs the command and ends the process with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        Prompt.runAndExit(args, shell -> run(args, shell));
    }

    /**
     * Runs the command within this process.
     *
     * @param args the command line
     * @param in the body, if the command line says {@code --data -}; else nothing is read from it
     * @param out gets the data; an error that speaks of a pipe means that nobody reads any more
     * @param err gets everything else
     * @return the exit code
     */
    public static int run(String[] args, InputStream in, OutputStream out, PrintStream err) {
        return run(args, new Shell(in, new Stdout(out), err, new Interruption()));
    }

    /**
     * Runs an integration as a command, and ends the process with its exit code: what the {@code main} of an integration calls. Ctrl-C cancels
     * what the capability does.
     *
     * @param integration what the command can do
     * @param args the command line
     */
    public static void run(Integration integration, String[] args) {
        Prompt.runAndExit(args, shell -> run(integration, args, shell));
    }

    /**
     * Runs an integration as a command within this process. Blocks until it is done.
     *
     * @param integration what the command can do
     * @param args the command line
     * @param in the document, if the command line says {@code -}; else nothing is read from it
     * @param out gets envelopes, documents and messages, one on a line; an error that speaks of a pipe means that nobody reads any more
     * @param err gets everything else
     * @return the exit code
     */
    public static int run(Integration integration, String[] args, InputStream in, OutputStream out, PrintStream err) {
        return run(integration, args, new Shell(in, new Stdout(out), err, new Interruption()));
    }

    static int run(Integration integration, String[] args, Shell shell) {
        return Prompt.execute(IntegrationCommand.of(integration, shell), args, shell);
    }

    static int run(String[] args, Shell shell) {
        return Prompt.execute(commands(args, shell), args, shell);
    }

    /**
     * With no more than the command that is called, if one is: to read the options of all takes longer than most calls. Help and what is
     * not understood need all of them.
     */
    static CommandLine commands(String[] args, Shell shell) {
        boolean called = args.length > 0 && COMMANDS.contains(args[0]);
        CommandLine commands = new CommandLine(new HeadraceCli());
        for (String name : called ? List.of(args[0]) : COMMANDS) {
            commands.addSubcommand(name, command(name, shell));
        }
        return commands;
    }

    private static Object command(String name, Shell shell) {
        return switch (name) {
            case "fetch" -> new FetchCommand(shell);
            case "records" -> new RecordsCommand(shell);
            case "events" -> new EventsCommand(shell);
            case "download" -> new DownloadCommand(shell);
            case "check" -> new CheckCommand(shell);
            case "read" -> new ReadCommand(shell);
            case "validate" -> new ValidateCommand(shell);
            case AirbyteCommand.NAME -> AirbyteCommand.ofSpec(shell);
            case ServeOptions.COMMAND -> new ServeCommand(shell);
            case "scaffold" -> new ScaffoldCommand(shell);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Without a subcommand there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "No command; choose one of " + spec.subcommands().keySet());
    }

    /** The version of this build. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"headrace " + HeadraceVersion.current()};
        }
    }
}
