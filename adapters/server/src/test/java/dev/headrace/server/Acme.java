package dev.headrace.server;

import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.CapabilityResponse;
import dev.headrace.capability.ErrorCode;
import dev.headrace.capability.Integration;
import dev.headrace.connector.Connector;
import dev.headrace.http.Secret;
import dev.headrace.stream.Availability;
import dev.headrace.stream.Checkpoint;
import dev.headrace.stream.Message;
import dev.headrace.stream.MessageStream;
import dev.headrace.stream.Slice;
import dev.headrace.stream.Source;
import dev.headrace.stream.StreamDescription;
import dev.headrace.stream.StreamRecord;
import dev.headrace.stream.SyncMode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Integrations to be served, and what their streams say. */
final class Acme {

    static final String TOKEN = "t0ken-of-the-tests";

    record Say(String text) {}

    record Said(String text) {}

    private Acme() {}

    static Integration.Builder builder() {
        return Integration.builder("acme")
                .capability(
                        "say_again",
                        Say.class,
                        Said.class,
                        (request, context) -> Mono.just(
                                CapabilityResponse.of(new Said(request.input().text()))))
                .capability("fail", Say.class, Said.class, (request, context) -> Mono.error(failure(request.input())));
    }

    private static CapabilityException failure(Say said) {
        return CapabilityException.of(ErrorCode.custom(said.text()), "It is so");
    }

    static Integration integration() {
        return builder().build();
    }

    /** Does what it is given, whatever it is asked. */
    static Integration doing(Mono<Said> what) {
        return Integration.builder("acme")
                .capability("work", Say.class, Said.class, (request, context) -> what.map(CapabilityResponse::of))
                .build();
    }

    /** One stream, {@code numbers}. */
    static Integration streaming(Function<@Nullable JsonNode, Flux<Message<JsonNode>>> messages) {
        return builder().source(source(messages).build()).build();
    }

    static Source.Builder source(Function<@Nullable JsonNode, Flux<Message<JsonNode>>> messages) {
        return Source.builder("acme")
                .connector(config -> Connector.builder("http://127.0.0.1:1").build())
                .streams(config -> List.of(new Numbers(messages)));
    }

    static Integration streaming(Flux<Message<JsonNode>> messages) {
        return streaming(state -> messages);
    }

    static Message<JsonNode> record(int number) {
        return new StreamRecord<>(
                "numbers", JsonNodeFactory.instance.objectNode().put("n", number), Slice.EMPTY);
    }

    static Message<JsonNode> checkpoint(int number) {
        return Checkpoint.of("numbers", JsonNodeFactory.instance.objectNode().put("last", number));
    }

    static String line(int number) {
        return "{\"type\":\"record\",\"stream\":\"numbers\",\"data\":{\"n\":" + number + "}}";
    }

    private record Numbers(Function<@Nullable JsonNode, Flux<Message<JsonNode>>> messages)
            implements MessageStream<JsonNode> {

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
            return messages.apply(state);
        }

        @Override
        public Mono<Availability> check(Connector connector) {
            return messages.apply(null).next().map(first -> new Availability(true, "", null));
        }
    }

    /** Any free port, and the token of the tests. */
    static CapabilityServer server(Integration integration) {
        return CapabilityServer.of(integration).port(0).bearer(Secret.of(TOKEN));
    }

    static RunningServer started(CapabilityServer server) {
        return Objects.requireNonNull(server.start().block());
    }

    static RunningServer serving(Integration integration) {
        return started(server(integration));
    }
}
