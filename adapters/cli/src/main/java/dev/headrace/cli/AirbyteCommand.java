package dev.headrace.cli;

import dev.headrace.connector.Connector;
import dev.headrace.stream.Source;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A source as a connector of the Airbyte protocol: {@code spec}, {@code check}, {@code discover} and {@code read}, with the protocol's own
 * names of arguments.
 */
@Command(
        name = AirbyteCommand.NAME,
        description = "Runs record streams as a source of the Airbyte protocol; its messages are the only output.",
        synopsisSubcommandLabel = "(spec | check | discover | read)",
        mixinStandardHelpOptions = true,
        versionProvider = HeadraceCli.Version.class)
final class AirbyteCommand implements Runnable {

    static final String NAME = "airbyte";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    private AirbyteCommand() {}

    /** {@code headrace airbyte SPEC read …}: the source is that of a YAML spec. */
    static CommandLine ofSpec(Shell shell) {
        SpecArgument spec = new SpecArgument();
        return of(shell, spec::source).addMixin("spec", spec);
    }

    /**
     * {@code acme airbyte read …}: the source is given.
     *
     * @param source made once for a run, when the command line has been read; of what a host adds to connectors, for {@code -v}, which a
     *     source that is there already does not need to look at
     */
    static CommandLine of(Shell shell, Function<UnaryOperator<Connector.Builder>, Source> source) {
        return new CommandLine(new AirbyteCommand())
                .addSubcommand(new AirbyteOperation.ShowSpec(shell, source))
                .addSubcommand(new AirbyteOperation.Check(shell, source))
                .addSubcommand(new AirbyteOperation.Discover(shell, source))
                .addSubcommand(new AirbyteOperation.Read(shell, source));
    }

    /** Without an operation there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(
                command.commandLine(),
                "No operation; choose one of " + command.subcommands().keySet());
    }
}
