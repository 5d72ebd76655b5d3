package dev.headrace.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The configuration of streams. */
final class ConfigOptions {

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration, a JSON object. Default: {}.")
    private @Nullable Path file;

    @Option(
            names = "--config-env",
            paramLabel = "VAR",
            description = "The same from this environment variable, for a configuration with secrets in it.")
    private @Nullable String variable;

    /** The configuration; its credentials are hidden from now on. */
    JsonNode configuration(Shell shell) {
        if (file != null && variable != null) {
            throw new IllegalArgumentException("--config and --config-env both give the configuration; give one");
        }
        JsonNode configuration = file != null
                ? JsonFile.read(file, "configuration", "--config")
                : variable != null
                        ? JsonFile.inEnvironment(variable, "configuration", "--config-env")
                        : JsonNodeFactory.instance.objectNode();
        shell.mask().hide(configuration);
        return configuration;
    }
}
