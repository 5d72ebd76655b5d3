package dev.headrace.cli;

import dev.headrace.airbyte.AirbyteSource;
import dev.headrace.connector.Connector;
import dev.headrace.json.Json;
import dev.headrace.observe.WireLog;
import dev.headrace.stream.Source;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/**
 * One of the four things that a platform asks of a source. Its messages are lines of standard output, a failure among them; then the exit
 * code is 1, whatever kind it is of, for the message says that.
 */
abstract class AirbyteOperation implements Callable<Integer> {

    private static final int FAILED = 1;
    private static final Set<String> SAYINGS = Set.of("LOG", "TRACE", "CONNECTION_STATUS");

    final Shell shell;
    private final Function<UnaryOperator<Connector.Builder>, Source> source;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Mixin
    private final VerboseOption verbose = new VerboseOption();

    private AirbyteOperation(Shell shell, Function<UnaryOperator<Connector.Builder>, Source> source) {
        this.shell = shell;
        this.source = source;
    }

    /** The messages. Files are read here, so it may throw, and what it throws is no message yet. */
    abstract Flux<JsonNode> messages(Source source, AirbyteSource airbyte);

    @Override
    public final Integer call() {
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        Flux<JsonNode> told = all().onErrorResume(failure -> {
            failed.set(failure);
            return Flux.empty();
        });
        shell.write(told, (out, message) -> out.writeLine(Json.write(shown(message))));
        Throwable failure = failed.get();
        return failure == null ? ExitCode.DONE.code() : failed(Exceptions.unwrap(failure));
    }

    /** Data stays as it is; what is said about it may be a message of the integration's own. */
    private JsonNode shown(JsonNode message) {
        return SAYINGS.contains(message.path("type").stringValue(""))
                ? shell.mask().hidden(message)
                : message;
    }

    private Flux<JsonNode> all() {
        try {
            Source made = source.apply(this::watched);
            return messages(made, AirbyteSource.of(made)).contextWrite(verbose.context(shell));
        } catch (RuntimeException failure) {
            return Flux.concat(Flux.just(AirbyteSource.error(failure)), Flux.error(failure));
        }
    }

    private Connector.Builder watched(Connector.Builder connector) {
        return verbose.isGiven() ? connector.wireLog(WireLog.to(verbose.lines(shell))) : connector;
    }

    private int failed(Throwable failure) {
        if (verbose.isGiven()) {
            StackTrace.print(failure, shell::tell);
        }
        FailureLine line = failure instanceof IllegalArgumentException
                // The command line has been read by now, so it is not wrong usage.
                ? new FailureLine(
                        ExitCode.CONFIGURATION,
                        FailureLine.programOf(command.commandLine()),
                        "the source cannot work with its configuration ("
                                + failure.getClass().getSimpleName()
                                + "); check it, and see how that came about with -v")
                : FailureLine.of(failure, command.commandLine());
        int ignored = line.printTo(shell);
        return FAILED;
    }

    @Command(
            name = "spec",
            description = "Says what a configuration looks like.",
            mixinStandardHelpOptions = true,
            versionProvider = HeadraceCli.Version.class)
    static final class ShowSpec extends AirbyteOperation {

        ShowSpec(Shell shell, Function<UnaryOperator<Connector.Builder>, Source> source) {
            super(shell, source);
        }

        @Override
        Flux<JsonNode> messages(Source source, AirbyteSource airbyte) {
            return airbyte.spec().flux();
        }
    }

    /** Those that need a configuration. */
    private abstract static class Configured extends AirbyteOperation {

        @Option(names = "--config", paramLabel = "FILE", required = true, description = "The configuration, JSON.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private Path config;

        Configured(Shell shell, Function<UnaryOperator<Connector.Builder>, Source> source) {
            super(shell, source);
        }

        final JsonNode config(Source source) {
            JsonNode configuration = JsonFile.read(config, "configuration", "--config");
            ConfigOptions.hide(configuration, source, shell.mask());
            return configuration;
        }
    }

    @Command(
            name = "check",
            description = "Says whether every stream can be read; that one cannot is an answer, and no failure.",
            mixinStandardHelpOptions = true,
            versionProvider = HeadraceCli.Version.class)
    static final class Check extends Configured {

        Check(Shell shell, Function<UnaryOperator<Connector.Builder>, Source> source) {
            super(shell, source);
        }

        @Override
        Flux<JsonNode> messages(Source source, AirbyteSource airbyte) {
            return airbyte.check(config(source));
        }
    }

    @Command(
            name = "discover",
            description = "Says what streams there are.",
            mixinStandardHelpOptions = true,
            versionProvider = HeadraceCli.Version.class)
    static final class Discover extends Configured {

        Discover(Shell shell, Function<UnaryOperator<Connector.Builder>, Source> source) {
            super(shell, source);
        }

        @Override
        Flux<JsonNode> messages(Source source, AirbyteSource airbyte) {
            return airbyte.discover(config(source));
        }
    }

    @Command(
            name = "read",
            description = "Reads the streams of a configured catalog.",
            mixinStandardHelpOptions = true,
            versionProvider = HeadraceCli.Version.class)
    static final class Read extends Configured {

        @Option(
                names = "--catalog",
                paramLabel = "FILE",
                required = true,
                description = "The configured catalog, JSON: which streams, and how.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private Path catalog;

        @Option(
                names = "--state",
                paramLabel = "FILE",
                description = "A JSON list of the last STATE message of each stream. Default: reads all anew.")
        private @Nullable Path state;

        Read(Shell shell, Function<UnaryOperator<Connector.Builder>, Source> source) {
            super(shell, source);
        }

        @Override
        Flux<JsonNode> messages(Source source, AirbyteSource airbyte) {
            return airbyte.read(
                    config(source),
                    JsonFile.read(catalog, "configured catalog", "--catalog"),
                    state == null ? null : JsonFile.read(state, "state", "--state"));
        }
    }
}
