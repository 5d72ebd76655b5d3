package dev.headrace.cli;

import dev.headrace.capability.Integration;
import dev.headrace.json.Json;
import dev.headrace.stream.Source;
import dev.headrace.stream.StreamDescription;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** What streams an integration has. */
@Command(
        name = "discover",
        description = "Writes what record streams there are, one JSON object a line.",
        mixinStandardHelpOptions = true)
final class IntegrationDiscoverCommand implements Callable<Integer> {

    private final Shell shell;
    private final Integration integration;
    private final Source source;

    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    @Mixin
    private final VerboseOption verbose = new VerboseOption();

    IntegrationDiscoverCommand(Integration integration, Source source, Shell shell) {
        this.integration = integration;
        this.source = source;
        this.shell = shell;
    }

    @Override
    public Integer call() {
        JsonNode configuration = config.configuration(source, shell);
        shell.write(
                source.discover(configuration)
                        .map(StreamDescription::json)
                        .onErrorResume(
                                StreamFailures.of(integration, "discover").with(configuration))
                        .contextWrite(verbose.context(shell)),
                (out, line) -> out.writeLine(Json.write(line)));
        return ExitCode.DONE.code();
    }
}
