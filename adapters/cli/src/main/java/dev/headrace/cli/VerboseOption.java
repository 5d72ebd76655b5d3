package dev.headrace.cli;

import dev.headrace.capability.Integration;
import dev.headrace.observe.WireLog;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import reactor.util.context.Context;

/** Whether somebody wants to see what goes over the wire. */
final class VerboseOption {

    @Option(
            names = {RequestOptions.VERBOSE, "--verbose"},
            description =
                    "Writes what is sent and received, without secrets, to standard error, which page was the last, and how a"
                            + " failure came about.")
    private boolean verbose;

    private @Nullable Consumer<String> lines;

    boolean isGiven() {
        return verbose;
    }

    /** Where lines go: always the same for one command, so that none is written twice. */
    Consumer<String> lines(Shell shell) {
        Consumer<String> made = lines == null ? shell::tell : lines;
        lines = made;
        return made;
    }

    /** For a publisher whose connectors were made elsewhere. */
    Function<Context, Context> context(Shell shell) {
        if (!verbose) {
            return context -> context;
        }
        Consumer<String> told = lines(shell);
        Consumer<Throwable> failures = failure -> StackTrace.print(failure, shell::tell);
        return context -> context.put(WireLog.LINES, told).put(Integration.FAILURES, failures);
    }
}
