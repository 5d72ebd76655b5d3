package dev.headrace.cli;

import dev.headrace.json.Json;
import dev.headrace.stream.Source;
import dev.headrace.stream.StreamDescription;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What streams an integration has. */
@Command(
        name = "discover",
        description = "Writes what record streams there are, one JSON object a line.",
        mixinStandardHelpOptions = true)
final class IntegrationDiscoverCommand implements Callable<Integer> {

    private final Shell shell;
    private final Source source;

    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    @Mixin
    private final VerboseOption verbose = new VerboseOption();

    IntegrationDiscoverCommand(Source source, Shell shell) {
        this.source = source;
        this.shell = shell;
    }

    @Override
    public Integer call() {
        shell.write(
                source.discover(config.configuration(shell)).map(StreamDescription::json).contextWrite(verbose.context(shell)),
                (out, line) -> out.writeLine(Json.write(line)));
        return ExitCode.DONE.code();
    }
}
