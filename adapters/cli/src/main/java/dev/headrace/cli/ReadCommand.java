package dev.headrace.cli;

import dev.headrace.connector.Connector;
import dev.headrace.observe.WireLog;
import dev.headrace.stream.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The record streams of a YAML spec: records, checkpoints and notices, one JSON object a line. */
@Command(
        name = "read",
        description =
                "Reads the record streams of a YAML spec, and writes records, checkpoints and notices, one JSON object a line.",
        mixinStandardHelpOptions = true,
        versionProvider = HeadraceCli.Version.class)
final class ReadCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "SPEC", description = "The YAML file.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path spec;

    @Parameters(index = "1..*", paramLabel = "STREAM", description = "Streams to read, in this order. Default: all.")
    private List<String> streams = new ArrayList<>();

    @Mixin
    private final ReadOptions reading = new ReadOptions();

    @Mixin
    private final VerboseOption verbose = new VerboseOption();

    ReadCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        reading.check();
        Source source = SpecArgument.source(spec, this::watched);
        return reading.read(source, StreamFailures.plain(spec.toString()), streams, verbose.context(shell), shell);
    }

    private Connector.Builder watched(Connector.Builder connector) {
        return verbose.isGiven() ? connector.wireLog(WireLog.to(verbose.lines(shell))) : connector;
    }
}
