package dev.headrace.cli;

import dev.headrace.stream.Source;
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

    /** The configuration of a source; its secrets are hidden from now on. */
    JsonNode configuration(Source source, Shell shell) {
        if (file != null && variable != null) {
            throw new IllegalArgumentException("--config and --config-env both give the configuration; give one");
        }
        JsonNode configuration = file != null
                ? JsonFile.read(file, "configuration", "--config")
                : variable != null
                        ? JsonFile.inEnvironment(variable, "configuration", "--config-env")
                        : JsonNodeFactory.instance.objectNode();
        hide(configuration, source, shell.mask());
        return configuration;
    }

    static void hide(JsonNode configuration, Source source, Mask mask) {
        mask.hide(configuration);
        source.configSchema().ifPresent(schema -> mask.hide(configuration, schema.json()));
    }
}
