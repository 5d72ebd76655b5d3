package dev.headrace.cli;

import dev.headrace.capability.Integration;
import dev.headrace.stream.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The record streams of an integration, as {@link ReadCommand} reads those of a spec. */
@Command(
        name = "read",
        description = "Reads record streams, and writes records, checkpoints and notices, one JSON object a line.",
        mixinStandardHelpOptions = true)
final class IntegrationReadCommand implements Callable<Integer> {

    private final Shell shell;
    private final Integration integration;
    private final Source source;

    @Parameters(paramLabel = "STREAM", description = "Streams to read, in this order. Default: all.")
    private List<String> streams = new ArrayList<>();

    @Mixin
    private final ReadOptions reading = new ReadOptions();

    @Mixin
    private final VerboseOption verbose = new VerboseOption();

    IntegrationReadCommand(Integration integration, Source source, Shell shell) {
        this.integration = integration;
        this.source = source;
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return reading.read(source, StreamFailures.of(integration, "read"), streams, verbose.context(shell), shell);
    }
}
