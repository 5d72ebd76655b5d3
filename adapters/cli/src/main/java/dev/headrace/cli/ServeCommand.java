package dev.headrace.cli;

import dev.headrace.capability.Integration;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The streams of a spec, or an integration of a jar, over HTTP. */
@Command(
        name = ServeOptions.COMMAND,
        description =
                "Serves the record streams of a YAML spec, or the integration that a jar provides, over HTTP until it is interrupted.",
        mixinStandardHelpOptions = true,
        versionProvider = HeadraceCli.Version.class)
final class ServeCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(
            paramLabel = "SPEC|JAR",
            description =
                    "The YAML file; or a file ending in .jar that names one service dev.headrace.capability.IntegrationProvider.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Mixin
    private final ServeOptions serving = new ServeOptions();

    ServeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        serving.check();
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".jar")) {
            return serving.serve(Integration.of(SpecArgument.source(file, connector -> connector)), shell);
        }
        try (IntegrationJar jar = IntegrationJar.open(file)) {
            return serving.serve(jar.integration(), shell);
        }
    }
}
