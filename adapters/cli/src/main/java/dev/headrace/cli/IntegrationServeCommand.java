package dev.headrace.cli;

import dev.headrace.capability.Integration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** An integration over HTTP. */
@Command(
        name = ServeOptions.COMMAND,
        description = "Serves the integration over HTTP until it is interrupted; openapi says how it is called.",
        mixinStandardHelpOptions = true)
final class IntegrationServeCommand implements Callable<Integer> {

    private final Integration integration;
    private final Shell shell;

    @Mixin
    private final ServeOptions serving = new ServeOptions();

    IntegrationServeCommand(Integration integration, Shell shell) {
        this.integration = integration;
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return serving.serve(integration, shell);
    }
}
