package dev.headrace.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reactor.core.Exceptions;

/**
 * The {@code headrace} command.
 *
 * <p>Data goes to standard output and everything else to standard error; a failure is one line there, and an exit code: 0 done, 1 the remote
 * or the network failed, 2 wrong usage, 3 the user must change something, 4 the data cannot be trusted, 5 this machine failed, 130
 * interrupted. {@code -v} shows what was sent and received, and how a failure came about.
 */
@Command(
        name = "headrace",
        description = "Remote HTTP streams at a shell prompt: bytes, records, events, files and record streams.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = HeadraceCli.Version.class,
        mixinStandardHelpOptions = true)
public final class HeadraceCli implements Runnable {

    /** How long an interrupted run may take to let go of its connections and files. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

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
        startQuickly();
        Interruption interruption = new Interruption();
        CountDownLatch finished = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (finished.getCount() > 0) {
                interruption.interrupt();
                awaitUpTo(PATIENCE, finished);
            }
        }));
        // Not System.out, which swallows what a closed pipe says.
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        int exitCode = run(args, new Shell(System.in, new Stdout(out), System.err, interruption));
        finished.countDown();
        System.exit(exitCode);
    }

    /**
     * Runs the command within this process.
     *
     * @param args the command line
     * @param in read by {@code --data -}
     * @param out gets the data; an error that speaks of a pipe means that nobody reads any more
     * @param err gets everything else
     * @return the exit code
     */
    public static int run(String[] args, InputStream in, OutputStream out, PrintStream err) {
        return run(args, new Shell(in, new Stdout(out), err, new Interruption()));
    }

    static int run(String[] args, Shell shell) {
        CommandLine commands = new CommandLine(new HeadraceCli())
                .addSubcommand(new FetchCommand(shell))
                .addSubcommand(new RecordsCommand(shell))
                .addSubcommand(new EventsCommand(shell))
                .addSubcommand(new DownloadCommand(shell))
                .addSubcommand(new CheckCommand(shell))
                .addSubcommand(new ReadCommand(shell))
                .addSubcommand(new ValidateCommand(shell))
                .addSubcommand(AirbyteCommand.ofSpec(shell));
        // An argument such as @body.json names a file for one option; it holds no further arguments.
        commands.setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(new OutputStreamWriter(shell.out(), StandardCharsets.UTF_8), true))
                .setParameterExceptionHandler((wrong, arguments) -> wrongUsage(wrong, shell))
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command, shell));
        return commands.execute(args);
    }

    /** Without a subcommand there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "No command; choose one of " + spec.subcommands().keySet());
    }

    /** For one request at a time, loading Netty's native transport and its flight recorder events takes longer than they save. */
    private static void startQuickly() {
        System.getProperties().putIfAbsent("reactor.netty.native", "false");
        System.getProperties().putIfAbsent("io.netty.jfr.enabled", "false");
    }

    private static int wrongUsage(ParameterException wrong, Shell shell) {
        return FailureLine.usage(String.valueOf(wrong.getMessage()), wrong.getCommandLine())
                .printTo(shell.err());
    }

    private static int failed(Exception failure, CommandLine command, Shell shell) {
        if (failure instanceof ClosedPipeException) {
            // Whoever reads our output has enough, which is no failure.
            return ExitCode.DONE.code();
        }
        if (command.getParseResult().hasMatchedOption(RequestOptions.VERBOSE)
                && !(failure instanceof InterruptedRunException)) {
            StackTrace.print(Exceptions.unwrap(failure), shell.err());
        }
        return FailureLine.of(failure, command).printTo(shell.err());
    }

    private static void awaitUpTo(Duration patience, CountDownLatch latch) {
        try {
            boolean ignored = latch.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the jar's manifest says. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = HeadraceCli.class.getPackage().getImplementationVersion();
            return new String[] {"headrace " + (version == null ? "(not packaged)" : version)};
        }
    }
}
