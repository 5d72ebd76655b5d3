package dev.headrace.cli;

import dev.headrace.error.HeadraceException;
import java.io.PrintStream;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine;
import reactor.core.Exceptions;

/**
 * The one line on standard error that a failure ends with: what happened, to what, what to try. Names of the library's methods become
 * those of options, and control characters, which a remote may have put there, become question marks.
 *
 * @param exitCode the code that goes with it
 * @param text the line, without the command's name in front
 */
record FailureLine(ExitCode exitCode, String text) {

    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private static final Map<String, String> OPTIONS = Map.of(
            "download with onExisting(REPLACE) or onExisting(SKIP)",
            "choose --on-existing replace or --on-existing skip",
            "give expectSize or expect(digest)",
            "give --expect-size or --digest",
            "put that right and call again to go on",
            "put that right and run it again to go on");

    // The command has no option for what the library offers besides.
    private static final Pattern ALLOWED_ORIGIN =
            Pattern.compile("OriginPolicy\\.sameOrigin\\(\\)\\.allow\\(\"([^\"]*)\"\\)(, or \\.strip\\(\\) [a-z ]+)?");

    static FailureLine of(Throwable thrown, CommandLine command) {
        Throwable failure = Exceptions.unwrap(thrown);
        ExitCode exitCode = ExitCode.of(failure);
        if (exitCode == ExitCode.USAGE) {
            return usage(String.valueOf(failure.getMessage()), command);
        }
        boolean foreseen = failure instanceof HeadraceException || failure instanceof InterruptedRunException;
        return new FailureLine(
                exitCode, foreseen ? inOptions(String.valueOf(failure.getMessage())) : unforeseen(failure));
    }

    static FailureLine usage(String problem, CommandLine command) {
        return new FailureLine(
                ExitCode.USAGE, problem + "; see " + command.getCommandSpec().qualifiedName() + " --help");
    }

    int printTo(PrintStream err) {
        err.println("headrace: " + CONTROLS.matcher(text).replaceAll("?"));
        err.flush();
        return exitCode.code();
    }

    private static String inOptions(String message) {
        String translated = message;
        for (Map.Entry<String, String> option : OPTIONS.entrySet()) {
            translated = translated.replace(option.getKey(), option.getValue());
        }
        return ALLOWED_ORIGIN.matcher(translated).replaceAll("--allow-origin $1");
    }

    /** A mistake of ours. Its message is not shown, for nobody has taken the secrets out of it. */
    private static String unforeseen(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return "an unforeseen " + failure.getClass().getSimpleName() + (trace.length == 0 ? "" : " at " + trace[0])
                + ", which is a mistake of headrace; please report it with the command you ran";
    }
}
