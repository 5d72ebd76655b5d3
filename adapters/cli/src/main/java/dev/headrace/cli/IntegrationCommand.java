package dev.headrace.cli;

import dev.headrace.capability.Integration;
import dev.headrace.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that an integration is: a subcommand for everything it can do. */
@Command(synopsisSubcommandLabel = "COMMAND", mixinStandardHelpOptions = true)
final class IntegrationCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private IntegrationCommand() {}

    static CommandLine of(Integration integration, Shell shell) {
        CommandLine commands = new CommandLine(new IntegrationCommand());
        // What an integration says about itself is no template.
        commands.setInterpolateVariables(false);
        commands.setCommandName(integration.id());
        HelpText.describe(commands, integration.description());
        integration
                .capabilities()
                .forEach(capability -> CapabilityCommand.addTo(commands, integration, capability, shell));
        commands.addSubcommand(new Info(integration, shell)).addSubcommand(new OpenApi(integration, shell));
        integration
                .source()
                .ifPresent(source -> commands.addSubcommand(new IntegrationReadCommand(integration, source, shell))
                        .addSubcommand(new IntegrationCheckCommand(integration, source, shell))
                        .addSubcommand(new IntegrationDiscoverCommand(integration, source, shell))
                        .addSubcommand(AirbyteCommand.of(shell, host -> source)));
        commands.addSubcommand(new IntegrationServeCommand(integration, shell));
        String version = integration.id() + " " + integration.version().orElse("(no version)");
        commands.getCommandSpec().version(version);
        commands.getSubcommands().values().forEach(command -> sayVersion(command, version));
        return commands;
    }

    private static void sayVersion(CommandLine command, String version) {
        command.setInterpolateVariables(false);
        command.getCommandSpec().version(version).versionProvider(null);
        command.getSubcommands().values().forEach(below -> sayVersion(below, version));
    }

    /** Without a subcommand there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "No command; choose one of " + spec.subcommands().keySet());
    }

    /** What the integration can do. */
    @Command(
            name = "info",
            description =
                    "Writes what the integration can do: capabilities and their schemas, credentials, settings and codes of errors.",
            mixinStandardHelpOptions = true)
    static final class Info implements Callable<Integer> {

        private final Integration integration;
        private final Shell shell;

        @Option(names = "--json", paramLabel = "JSON", description = "Is not read: there is nothing to ask for.")
        private @Nullable String ignored;

        Info(Integration integration, Shell shell) {
            this.integration = integration;
            this.shell = shell;
        }

        @Override
        public Integer call() {
            String envelope = shell.await(integration.dispatch("info", "{}"));
            shell.out().writeLine(envelope.getBytes(StandardCharsets.UTF_8));
            shell.out().flush();
            return ExitCode.DONE.code();
        }
    }

    /** Its HTTP form. */
    @Command(
            name = "openapi",
            description = "Writes the OpenAPI document of what is served over HTTP, on one line.",
            mixinStandardHelpOptions = true)
    static final class OpenApi implements Callable<Integer> {

        private final Integration integration;
        private final Shell shell;

        OpenApi(Integration integration, Shell shell) {
            this.integration = integration;
            this.shell = shell;
        }

        @Override
        public Integer call() {
            shell.out().writeLine(Json.write(integration.openApi()));
            shell.out().flush();
            return ExitCode.DONE.code();
        }
    }
}
