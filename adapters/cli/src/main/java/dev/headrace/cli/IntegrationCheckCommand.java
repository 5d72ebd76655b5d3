package dev.headrace.cli;

import dev.headrace.json.Json;
import dev.headrace.stream.Availability;
import dev.headrace.stream.Source;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Whether the streams of an integration can be read. */
@Command(
        name = "check",
        description =
                "Asks for the first record of each stream, and writes whether all can be read as one JSON object; ends with 0 if so, with 3 if not.",
        mixinStandardHelpOptions = true)
final class IntegrationCheckCommand implements Callable<Integer> {

    private final Shell shell;
    private final Source source;

    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    @Mixin
    private final VerboseOption verbose = new VerboseOption();

    IntegrationCheckCommand(Source source, Shell shell) {
        this.source = source;
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Availability availability =
                shell.await(source.check(config.configuration(shell)).contextWrite(verbose.context(shell)));
        shell.out().writeLine(Json.write(availability.json()));
        shell.out().flush();
        return (availability.available() ? ExitCode.DONE : ExitCode.CONFIGURATION).code();
    }
}
