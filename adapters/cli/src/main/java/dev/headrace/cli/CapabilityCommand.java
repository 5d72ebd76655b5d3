package dev.headrace.cli;

import dev.headrace.capability.Capability;
import dev.headrace.capability.Envelope;
import dev.headrace.capability.ErrorCode;
import dev.headrace.capability.Integration;
import dev.headrace.error.FailureKind;
import dev.headrace.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** One call of a capability: its envelope on one line. */
@Command(mixinStandardHelpOptions = true)
final class CapabilityCommand implements Callable<Integer> {

    /** What an integration raises when the document makes no sense; what a remote calls a bad request is raised by something else. */
    private static final String OWN_FAILURE = "CapabilityException";

    private final Integration integration;
    private final Capability<?, ?> capability;
    private final Shell shell;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final DocumentOptions document = new DocumentOptions();

    @Mixin
    private final VerboseOption verbose = new VerboseOption();

    private CapabilityCommand(Integration integration, Capability<?, ?> capability, Shell shell) {
        this.integration = integration;
        this.capability = capability;
        this.shell = shell;
    }

    static void addTo(CommandLine commands, Integration integration, Capability<?, ?> capability, Shell shell) {
        String name = capability.name();
        String dashed = name.replace('_', '-');
        CommandLine command = new CommandLine(new CapabilityCommand(integration, capability, shell));
        HelpText.describe(command, capability);
        if (dashed.equals(name)) {
            commands.addSubcommand(name, command);
        } else {
            commands.addSubcommand(name, command, dashed);
        }
    }

    @Override
    public Integer call() {
        String name = capability.name();
        String json = document.document(
                integration.info().path("settings_schema"),
                capability.arguments().json(),
                shell);
        Mono<String> call = integration
                .dispatch(name, json)
                // Of one that does not handle errors.
                .onErrorResume(failure -> integration
                        .errorOf(failure, name)
                        .map(error -> Json.writeText(Envelope.failed(error).json())))
                .contextWrite(verbose.context(shell));
        String envelope = shell.await(call);
        shell.out().writeLine(envelope.getBytes(StandardCharsets.UTF_8));
        shell.out().flush();
        JsonNode error = Json.tree(envelope).path("error");
        return error.isObject() ? failed(error) : ExitCode.DONE.code();
    }

    private int failed(JsonNode error) {
        String message = error.path("message").stringValue("");
        String refused = ErrorCode.BAD_REQUEST.in(integration.id());
        String code = error.path("error_code").stringValue("");
        boolean usage = error.path("raised_by").stringValue("").equals(OWN_FAILURE)
                && (code.equals(refused) || code.startsWith(refused + "."));
        if (usage) {
            return FailureLine.usage(message, spec.commandLine()).printTo(shell);
        }
        FailureKind kind =
                FailureKind.valueOf(error.path("kind").stringValue("").toUpperCase(Locale.ROOT));
        return new FailureLine(ExitCode.of(kind), integration.id(), message).printTo(shell);
    }
}
