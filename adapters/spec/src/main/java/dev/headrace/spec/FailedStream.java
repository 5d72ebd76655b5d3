package dev.headrace.spec;

import dev.headrace.connector.Connector;
import dev.headrace.error.HeadraceException;
import dev.headrace.stream.Availability;
import dev.headrace.stream.Message;
import dev.headrace.stream.MessageStream;
import dev.headrace.stream.StreamDescription;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * A stream that could not be made of a config. It fails when it is used, so that the others can be.
 *
 * @param name the stream's name
 * @param failure what was wrong
 */
record FailedStream(String name, HeadraceException failure) implements MessageStream<JsonNode> {

    @Override
    public Mono<StreamDescription> describe() {
        return Mono.error(failure);
    }

    @Override
    public Flux<Message<JsonNode>> read(Connector connector, @Nullable JsonNode state) {
        return Flux.error(failure);
    }

    @Override
    public Mono<Availability> check(Connector connector) {
        return Mono.error(failure);
    }
}
