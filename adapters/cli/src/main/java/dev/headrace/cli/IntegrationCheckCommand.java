package dev.headrace.cli;

import dev.headrace.capability.Integration;
import dev.headrace.json.Json;
import dev.headrace.stream.Availability;
import dev.headrace.stream.Source;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Whether the streams of an integration can be read. */
@Command(
        name = "check",
        description =
                "Asks for the first record of each stream, and writes whether all can be read as one JSON object; ends with 0 if so, with 3 if not.",
        mixinStandardHelpOptions = true)
final class IntegrationCheckCommand implements Callable<Integer> {

    private final Shell shell;
    private final Integration integration;
    private final Source source;

    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    @Mixin
    private final VerboseOption verbose = new VerboseOption();

    IntegrationCheckCommand(Integration integration, Source source, Shell shell) {
        this.integration = integration;
        this.source = source;
        this.shell = shell;
    }

    @Override
    public Integer call() {
        JsonNode configuration = config.configuration(source, shell);
        Availability availability = shell.await(source.check(configuration)
                .onErrorResume(StreamFailures.of(integration, "check").with(configuration))
                .contextWrite(verbose.context(shell)));
        // A reason may be a message of the integration's own.
        Availability shown = new Availability(
                availability.available(), shell.mask().hidden(availability.reason()), availability.status());
        shell.out().writeLine(Json.write(shown.json()));
        shell.out().flush();
        return (availability.available() ? ExitCode.DONE : ExitCode.CONFIGURATION).code();
    }
}
