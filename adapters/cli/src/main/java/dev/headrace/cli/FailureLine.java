package dev.headrace.cli;

import dev.headrace.error.HeadraceException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import reactor.core.Exceptions;

/**
 * The one line on standard error that a failure ends with: what happened, to what, what to try. Names of the library's methods become
 * those of options, and control characters, which a remote may have put there, become question marks.
 *
 * @param exitCode the code that goes with it
 * @param program what stands in front of the line: {@code headrace}, or the id of an integration
 * @param text the line
 */
record FailureLine(ExitCode exitCode, String program, String text) {

    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private static final List<Advice> ADVICE = List.of(
            new Advice(
                    "download with onExisting\\(REPLACE\\) or onExisting\\(SKIP\\)",
                    "choose --on-existing replace or --on-existing skip"),
            new Advice("give expectSize or expect\\(digest\\)", "give --expect-size or --digest"),
            new Advice("put that right and call again to go on", "put that right and run it again to go on"),
            // The command has no option for what the library offers besides.
            new Advice(
                    "allow it: OriginPolicy\\.sameOrigin\\(\\)\\.allow\\(\"([^\"]*)\"\\)(?:, or \\.strip\\(\\) [a-z ]+)?",
                    "allow it: --allow-origin $1"),
            new Advice("if that is right, raise maxRedirects", "if that is right, ask for the URL it leads to"),
            new Advice(
                    "trust its authority with TlsSettings\\.trust\\(pem\\)", "trust its authority with --cacert FILE"),
            new Advice("\\(TlsSettings\\.clientCertificate\\)", "(--cert and --key)"),
            new Advice("(no response head within \\d+ ms; raise) the timeout", "$1 --response-timeout"),
            new Advice("(no more of the response body within \\d+ ms; raise) the timeout", "$1 --idle-timeout"),
            // Only the library sets this one.
            new Advice("(the call did not end within \\d+ ms); raise the timeout [a-z ]+", "$1"),
            new Advice(
                    "raise EventLimits\\.event if such events are to be read, or skip or truncate them",
                    "raise --max-event-size, or give --on-oversized skip or truncate"),
            new Advice("; decoded\\(…\\) keeps such events and goes on", ""),
            new Advice("requestPerAttempt gave no request for", "there is no request for"),
            new Advice("check the base URL and the name servers", "check the URL and the name servers"),
            new Advice("(; try again at \\S+) or raise maxWait", "$1"),
            new Advice("go on from its token, or raise maxPages", "raise --max-pages"),
            new Advice("(the API seems never to end)\\. If it does, raise maxEmptyPages", "$1"),
            new Advice("say onRepeat\\(COMPLETE\\)", "give --on-repeat complete"));

    /** What somebody who wrote a spec can do. */
    private static final List<Advice> IN_SPECS = List.of(
            new Advice(
                    "allow it: OriginPolicy\\.sameOrigin\\(\\)\\.allow\\(\"([^\"]*)\"\\)(?:, or \\.strip\\(\\) [a-z ]+)?",
                    "allow it: connector.allow_origins: [$1]"),
            new Advice("go on from its token, or raise maxPages", "raise paging.max_pages"),
            new Advice("If it does, raise maxEmptyPages", "If it does, raise paging.max_empty_pages"),
            new Advice("say onRepeat\\(COMPLETE\\)", "say paging.on_repeat: complete"));

    private static final Pattern OPTION_NAME = Pattern.compile("^-(?:-[A-Za-z0-9_-]*|[A-Za-z0-9])");

    private static final Pattern SETTING = Pattern.compile("^(\\w+)(?= must )");
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("maxRetries", "--retry"),
            Map.entry("maxDelay", "--retry-max-delay"),
            Map.entry("retryDelay", "--retry-delay"),
            Map.entry("event", "--max-event-size"),
            Map.entry("window", "--deduplicate"),
            Map.entry("capacity", "--backpressure drop-oldest"),
            Map.entry("maxReconnects", "--max-reconnects"),
            Map.entry("maxPages", "--max-pages"),
            Map.entry("prefetchPages", "--prefetch"),
            Map.entry("segments", "--segments"),
            Map.entry("bytesPerSecond", "--limit-rate"));

    /** What a message advises a programmer to do, and what somebody at a prompt can do. */
    private record Advice(Pattern method, String option) {

        Advice(String method, String option) {
            this(Pattern.compile(method), option);
        }

        String translate(String message) {
            return method.matcher(message).replaceAll(option);
        }
    }

    static FailureLine of(Throwable thrown, CommandLine command) {
        Throwable failure = Exceptions.unwrap(thrown);
        ExitCode exitCode = ExitCode.of(failure);
        if (exitCode == ExitCode.USAGE) {
            return usage(String.valueOf(failure.getMessage()), command);
        }
        String program = programOf(command);
        boolean foreseen = failure instanceof HeadraceException || failure instanceof InterruptedRunException;
        if (!foreseen) {
            return new FailureLine(exitCode, program, unforeseen(failure, program));
        }
        String message = String.valueOf(failure.getMessage());
        if (!isHeadrace(command)) {
            // Its settings are in its code, whose author the library's advice is for.
            return new FailureLine(exitCode, program, message);
        }
        if (readsASource(command)) {
            // A spec has settings of its own, and its state says where to go on.
            return new FailureLine(exitCode, program, translated(message, IN_SPECS));
        }
        return new FailureLine(
                exitCode,
                program,
                inOptions(message)
                        + PagingOptions.goingOn(failure)
                                .map("; go on with "::concat)
                                .orElse(""));
    }

    private static boolean readsASource(CommandLine command) {
        CommandLine parent = command.getParent();
        return command.getCommandName().equals("read")
                || parent != null && parent.getCommandName().equals(AirbyteCommand.NAME);
    }

    static FailureLine usage(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            return usage(unmatched(unmatched, command), command);
        }
        String problem = String.valueOf(wrong.getMessage());
        String value = wrong.getValue();
        boolean shown = isHeadrace(command) || value == null || value.isEmpty();
        return usage(shown ? problem : problem.replace(value, "…"), command);
    }

    /**
     * What nothing on the command line is for. It may be a document with secrets in it, of which only the names of options are shown; all else
     * only where documents are no arguments.
     */
    private static String unmatched(UnmatchedArgumentException wrong, CommandLine command) {
        List<String> options = wrong.getUnmatched().stream()
                .map(OPTION_NAME::matcher)
                .filter(Matcher::find)
                .map(name -> "'" + name.group() + "'")
                .toList();
        List<String> meant = JsonFile.isDocument(wrong.getUnmatched().get(0)) ? List.of() : wrong.getSuggestions();
        String problem = options.isEmpty()
                ? isHeadrace(command)
                        ? String.valueOf(wrong.getMessage())
                        : command.getParent() == null ? "There is no such command" : "an argument is no option"
                : (options.size() == 1 ? "Unknown option: " : "Unknown options: ") + String.join(", ", options);
        return meant.isEmpty() ? problem : problem + "; did you mean " + meant.get(0) + "?";
    }

    static FailureLine usage(String problem, CommandLine command) {
        return new FailureLine(
                ExitCode.USAGE,
                programOf(command),
                named(problem, command) + "; see " + command.getCommandSpec().qualifiedName() + " --help");
    }

    /** A message of the library as it can be shown to whoever typed the command. */
    static String printable(String message) {
        return CONTROLS.matcher(inOptions(message)).replaceAll("?");
    }

    int printTo(Shell shell) {
        shell.tell(program + ": " + CONTROLS.matcher(text).replaceAll("?"));
        shell.err().flush();
        return exitCode.code();
    }

    /** What the command in front of all is called. */
    static String programOf(CommandLine command) {
        return command.getCommandSpec().root().name();
    }

    private static boolean isHeadrace(CommandLine command) {
        return command.getCommandSpec().root().userObject() instanceof HeadraceCli;
    }

    private static String inOptions(String message) {
        return translated(message, ADVICE);
    }

    private static String translated(String message, List<Advice> all) {
        String translated = message;
        for (Advice advice : all) {
            translated = advice.translate(translated);
        }
        return translated;
    }

    /** The setting that a message begins with, as the option that set it. An integration speaks of its own. */
    private static String named(String problem, CommandLine command) {
        if (!isHeadrace(command)) {
            return problem;
        }
        Matcher setting = SETTING.matcher(problem);
        if (!setting.find()) {
            return problem;
        }
        String name = setting.group();
        String option = name.equals("firstDelay")
                ? command.getCommandName().equals("events") ? "--reconnect-delay" : "--retry-delay"
                : SETTINGS.getOrDefault(name, name);
        return option + problem.substring(name.length());
    }

    /** A mistake of ours. Its message is not shown, for nobody has taken the secrets out of it. */
    private static String unforeseen(Throwable failure, String program) {
        StackTraceElement[] trace = failure.getStackTrace();
        return "an unforeseen " + failure.getClass().getSimpleName() + (trace.length == 0 ? "" : " at " + trace[0])
                + ", which is a mistake of " + program + "; please report it with the command you ran";
    }
}
