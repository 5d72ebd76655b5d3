package dev.headrace.spring;

import dev.headrace.connector.Connector;
import dev.headrace.stream.Availability;
import dev.headrace.stream.Checkpoint;
import dev.headrace.stream.Message;
import dev.headrace.stream.MessageStream;
import dev.headrace.stream.Notice;
import dev.headrace.stream.Slice;
import dev.headrace.stream.StreamDescription;
import dev.headrace.stream.StreamRecord;
import dev.headrace.stream.SyncMode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A stream that says what a test wants it to.
 *
 * @param messages from the connector and the state
 */
record Numbers(BiFunction<Connector, @Nullable JsonNode, Flux<Message<JsonNode>>> messages)
        implements MessageStream<JsonNode> {

    static Numbers of(Flux<Message<JsonNode>> messages) {
        return new Numbers((connector, state) -> messages);
    }

    static Message<JsonNode> record(int number) {
        return new StreamRecord<>(
                "numbers", JsonNodeFactory.instance.objectNode().put("n", number), Slice.EMPTY);
    }

    static Message<JsonNode> checkpoint(int number) {
        return Checkpoint.of("numbers", JsonNodeFactory.instance.objectNode().put("last", number));
    }

    static Message<JsonNode> notice() {
        return new Notice<>("numbers", Notice.Kind.CURSOR_MISSING, "No cursor", Slice.EMPTY, Optional.empty());
    }

    static String line(int number) {
        return "{\"type\":\"record\",\"stream\":\"numbers\",\"data\":{\"n\":" + number + "}}";
    }

    @Override
    public String name() {
        return "numbers";
    }

    @Override
    public Mono<StreamDescription> describe() {
        return Mono.just(new StreamDescription(
                name(),
                Optional.empty(),
                List.of("/n"),
                Optional.of("/n"),
                Set.of(SyncMode.FULL_REFRESH, SyncMode.INCREMENTAL),
                Optional.empty()));
    }

    @Override
    public Flux<Message<JsonNode>> read(Connector connector, @Nullable JsonNode state) {
        return messages.apply(connector, state);
    }

    @Override
    public Mono<Availability> check(Connector connector) {
        return messages.apply(connector, null).next().map(first -> new Availability(true, "", null));
    }
}
