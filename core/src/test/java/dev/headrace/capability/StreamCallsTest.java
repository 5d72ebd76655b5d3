package dev.headrace.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.headrace.connector.Connector;
import dev.headrace.json.Json;
import dev.headrace.stream.Availability;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class StreamCallsTest {

    private static final String RECORD = "{\"type\":\"record\",\"stream\":\"numbers\",\"data\":{\"n\":1}}";

    private record Numbers(Flux<Message<JsonNode>> messages) implements MessageStream<JsonNode> {

        @Override
        public String name() {
            return "numbers";
        }

        @Override
        public Mono<StreamDescription> describe() {
            return Mono.just(new StreamDescription(
                    name(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Set.of(SyncMode.FULL_REFRESH),
                    Optional.empty()));
        }

        @Override
        public Flux<Message<JsonNode>> read(Connector connector, @Nullable JsonNode state) {
            return messages;
        }

        @Override
        public Mono<Availability> check(Connector connector) {
            return messages.next().map(first -> new Availability(true, "", null));
        }
    }

    private static StreamCalls calls(Flux<Message<JsonNode>> messages) {
        Source source = Source.builder("acme")
                .connector(config -> Connector.builder("http://127.0.0.1:1").build())
                .streams(config -> List.of(new Numbers(messages)))
                .build();
        return StreamCalls.of(Integration.builder("acme").source(source).build())
                .orElseThrow();
    }

    private static Message<JsonNode> record() {
        return new StreamRecord<>(
                "numbers", JsonNodeFactory.instance.objectNode().put("n", 1), Slice.EMPTY);
    }

    private static Flux<Message<JsonNode>> broken() {
        return Flux.error(CapabilityException.of(ErrorCode.CONFLICT, "It is so"));
    }

    private static StreamDocument everything() {
        return StreamDocument.toRead(Json.tree("{}"));
    }

    @Test
    void areNotThereWithoutASource() {
        assertThat(StreamCalls.of(Integration.builder("acme").build())).isEmpty();
    }

    @Test
    void givesAFailureBehindTheFirstMessageAsTheLast() {
        List<String> read = calls(Flux.just(record()).concatWith(broken()))
                .read(everything())
                .map(Json::writeText)
                .collectList()
                .block();

        assertThat(read).hasSize(2).first().isEqualTo(RECORD);
        assertThat(Objects.requireNonNull(read).get(1))
                .startsWith("{\"type\":\"error\",\"error\":{\"message\":\"It is so\"")
                .contains("\"error_code\":\"acme.conflict\"", "\"raised_in\":\"acme:read\"");
    }

    @Test
    void errorsWithAFailureBeforeTheFirstMessage() {
        StepVerifier.create(calls(broken()).read(everything())).verifyErrorMessage("It is so");
    }

    @Test
    void makesNoMessageBeforeItIsAskedFor() {
        AtomicInteger made = new AtomicInteger();
        Flux<Message<JsonNode>> endless = Flux.generate(sink -> {
            made.incrementAndGet();
            sink.next(record());
        });

        StepVerifier.create(calls(endless).read(everything()), 3)
                .expectNextCount(3)
                .then(() -> assertThat(made).hasValue(3))
                .thenCancel()
                .verify();
    }

    @Test
    void putsFailuresOfLookingIntoTheEnvelope() {
        StreamDocument looking = StreamDocument.toLook(Json.tree("{\"config\":{}}"));

        Envelope<JsonNode> failed =
                Objects.requireNonNull(calls(broken()).check(looking).block());
        Envelope<JsonNode> found =
                Objects.requireNonNull(calls(broken()).discover(looking).block());

        assertThat(Objects.requireNonNull(failed.error()).raisedIn()).isEqualTo("acme:check");
        assertThat(found.json().at("/response/streams/0/name").stringValue("")).isEqualTo("numbers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"config\":[]}",
                "{\"state\":7}",
                "{\"stream\":[\"numbers\"]}",
                "{\"streams\":\"numbers\"}",
                "{\"streams\":[7]}",
                "{\"streams\":[]}",
                "{\"full_refresh\":\"yes\"}"
            })
    void refusesWhatIsNoReading(String document) {
        assertThatExceptionOfType(CapabilityException.class)
                .isThrownBy(() -> StreamDocument.toRead(Json.tree(document)))
                .satisfies(refused -> assertThat(refused.status()).hasValue(400))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }

    @Test
    void refusesAStateOfThoseWhoOnlyLook() {
        assertThatExceptionOfType(CapabilityException.class)
                .isThrownBy(() -> StreamDocument.toLook(Json.tree("{\"state\":{}}")))
                .withMessageContaining("'state'");
    }

    @Test
    void showsNothingOfTheConfiguration() {
        assertThat(StreamDocument.toRead(Json.tree("{\"config\":{\"password\":\"hunter22\"}}"))
                        .toString())
                .doesNotContain("hunter22");
    }
}
