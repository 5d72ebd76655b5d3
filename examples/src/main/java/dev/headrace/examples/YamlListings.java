package dev.headrace.examples;

import dev.headrace.spec.Spec;
import dev.headrace.stream.Message;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** The listing of the page about YAML specs. */
final class YamlListings {

    private YamlListings() {}

    static Flux<Message<JsonNode>> read(JsonNode config, @Nullable JsonNode state) {
        Flux<Message<JsonNode>> messages =
                Spec.load(Path.of("github-issues.yaml")).source().read(config, state);
        return messages;
    }
}
