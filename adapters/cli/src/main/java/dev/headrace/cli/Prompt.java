package dev.headrace.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import reactor.core.Exceptions;

/** Runs commands: at a real prompt, where Ctrl-C may come and a code ends the process, or within this one. */
final class Prompt {

    private Prompt() {}

    /** Runs a command as this process, which ends with its code. */
    static void runAndExit(String[] args, ToIntFunction<Shell> command) {
        boolean serves = args.length > 0 && args[0].equals(ServeOptions.COMMAND);
        if (!serves) {
            startQuickly();
        }
        List<String> given = List.of(args);
        if (given.contains(TlsOptions.INSECURE)) {
            // The command says what it trusts; the log of the library would say it again.
            log("http.TlsContext", "error");
        }
        if (given.contains(RequestOptions.VERBOSE) || given.contains("--verbose")) {
            log("connector.Pages", "debug");
        }
        Interruption interruption = new Interruption();
        CountDownLatch finished = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (finished.getCount() > 0) {
                interruption.interrupt();
                awaitUpTo(interruption.patience(), finished);
            }
        }));
        // Not System.out, which swallows what a closed pipe says.
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        int exitCode = command.applyAsInt(new Shell(System.in, new Stdout(out), System.err, interruption));
        finished.countDown();
        System.exit(exitCode);
    }

    /** Runs a command line; whatever happens becomes an exit code. */
    static int execute(CommandLine commands, String[] args, Shell shell) {
        configured(commands)
                .setOut(new PrintWriter(new OutputStreamWriter(shell.out(), StandardCharsets.UTF_8), true))
                .setParameterExceptionHandler((wrong, arguments) -> wrongUsage(wrong, shell))
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command, shell));
        return commands.execute(args);
    }

    /** How command lines are read. */
    static CommandLine configured(CommandLine commands) {
        // An argument such as @body.json names a file for one option; it holds no further arguments.
        return commands.setExpandAtFiles(false).setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** For one request at a time, loading Netty's native transport and its flight recorder events takes longer than they save. */
    static void startQuickly() {
        System.getProperties().putIfAbsent("reactor.netty.native", "false");
        System.getProperties().putIfAbsent("io.netty.jfr.enabled", "false");
    }

    /** Sets how much a class of the library may log, before that class is loaded and unless the user has. */
    private static void log(String name, String level) {
        System.getProperties().putIfAbsent("org.slf4j.simpleLogger.log.dev.headrace." + name, level);
    }

    private static int wrongUsage(ParameterException wrong, Shell shell) {
        return FailureLine.usage(wrong).printTo(shell);
    }

    private static int failed(Exception failure, CommandLine command, Shell shell) {
        if (failure instanceof ClosedPipeException) {
            // Whoever reads our output has enough, which is no failure.
            return ExitCode.DONE.code();
        }
        if (command.getParseResult().hasMatchedOption(RequestOptions.VERBOSE)
                && !(failure instanceof InterruptedRunException)) {
            StackTrace.print(Exceptions.unwrap(failure), shell::tell);
        }
        return FailureLine.of(failure, command).printTo(shell);
    }

    private static void awaitUpTo(Duration patience, CountDownLatch latch) {
        try {
            boolean ignored = latch.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
