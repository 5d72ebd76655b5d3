package dev.headrace.sse;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.ResponseTimeoutException;
import dev.headrace.http.TransportException;
import dev.headrace.test.FakeChatCompletions;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Answers of a language model as they are streamed to a POST, over real connections: no ids, and no second try once it has begun. */
class ChatCompletionsTest {

    private static final Duration LIMIT = ofSeconds(20);
    private static final String PATH = "/v1/chat/completions";
    private static final FakeChatCompletions CHAT =
            FakeChatCompletions.answering("Grüße", " aus", " 北京", ", ", "\ud83d\ude00", "\n", "data: [DONE]");
    private static final String TEXT = "Grüße aus 北京, \ud83d\ude00\ndata: [DONE]";

    /** Choices, or the error that came in their place. */
    record Chunk(@Nullable List<Choice> choices, @Nullable Problem error) {

        List<Choice> all() {
            return choices == null ? List.of() : choices;
        }

        String text() {
            return all().stream()
                    .map(choice -> choice.delta().content())
                    .filter(content -> content != null)
                    .collect(Collectors.joining());
        }
    }

    record Problem(String message, String type) {}

    record Choice(Delta delta, @Nullable String finish_reason) {}

    record Delta(@Nullable String content, @Nullable List<ToolCall> tool_calls) {}

    record ToolCall(int index, Arguments function) {}

    record Arguments(@Nullable String name, String arguments) {}

    static Stream<Named<UnaryOperator<FakeChatCompletions>>> compatibleServers() {
        return Stream.of(
                server("the original", chat -> chat),
                server("no space behind the colon", chat -> chat.delivered(feed -> feed.withoutSpaces())),
                server("CR LF", chat -> chat.delivered(feed -> feed.lineEnd("\r\n"))),
                server("cut anywhere", chat -> chat.delivered(feed -> feed.fragments(17))),
                server(
                        "CR LF, cut anywhere",
                        chat -> chat.delivered(feed -> feed.lineEnd("\r\n").fragments(13))),
                server("comments to keep it alive", chat -> chat.delivered(feed -> feed.comments())),
                server("all at once", chat -> chat.delivered(feed -> feed.batch(100))),
                server("it never ends", chat -> chat.delivered(feed -> feed.stayingOpen())));
    }

    @ParameterizedTest
    @MethodSource("compatibleServers")
    void givesTheTextOfEveryCompatibleServer(UnaryOperator<FakeChatCompletions> compatible) { // L40, L46
        try (TestServer server = compatible.apply(CHAT).start();
                Connector model = connector(server)) {
            expectText(answer(model).requireCompletion(), TEXT);

            assertThat(server.requests()).hasSize(1);
            assertThat(server.requests().get(0).header("Content-Type")).hasValue("application/json");
        }
    }

    @Test
    void putsTheArgumentsOfToolsTogetherByTheirIndex() {
        FakeChatCompletions calling = FakeChatCompletions.answering()
                .calling("weather", "{\"ci", "ty\":\"Os", "lo\"}")
                .calling("time", "{\"zone\":", "\"UTC\"}");
        try (TestServer server = calling.start();
                Connector model = connector(server)) {
            StepVerifier.create(answer(model)
                            .requireCompletion()
                            .events(Chunk.class)
                            .flatMapIterable(Chunk::all)
                            .mapNotNull(choice -> choice.delta().tool_calls())
                            .flatMapIterable(calls -> calls)
                            .<Map<Integer, String>>collect(
                                    TreeMap::new,
                                    (all, call) -> all.merge(
                                            call.index(), call.function().arguments(), String::concat)))
                    .expectNext(Map.of(0, "{\"city\":\"Oslo\"}", 1, "{\"zone\":\"UTC\"}"))
                    .expectComplete()
                    .verify(LIMIT);
        }
    }

    static Stream<Named<UnaryOperator<FakeChatCompletions>>> serversThatDoNotSayTheEnd() {
        return Stream.of(
                server("no [DONE]", FakeChatCompletions::withoutDone),
                server("no blank line behind [DONE]", chat -> chat.delivered(feed -> feed.withoutLastBlankLine())));
    }

    @ParameterizedTest
    @MethodSource("serversThatDoNotSayTheEnd")
    void failsWithoutItsLastEventOnlyIfItIsRequired(UnaryOperator<FakeChatCompletions> incomplete) {
        try (TestServer server = incomplete.apply(CHAT).start();
                Connector model = connector(server)) {
            expectText(answer(model), TEXT);

            StepVerifier.create(answer(model).requireCompletion().events(Chunk.class))
                    .expectNextCount(9)
                    .expectError(IncompleteStreamException.class)
                    .verify(LIMIT);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void failsWhenTheAnswerEndsEarly() {
        try (TestServer server = CHAT.delivered(feed -> feed.hangUpAfter(3)).start();
                Connector model = connector(server)) {
            StepVerifier.create(answer(model).requireCompletion().events(Chunk.class))
                    .expectNextCount(3)
                    .expectError(IncompleteStreamException.class)
                    .verify(LIMIT);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void isNotAskedAgainWhenTheAnswerBreaks() { // L42
        try (TestServer server = CHAT.delivered(feed -> feed.cutAfter(3)).start();
                Connector model = connector(server)) {
            // A reset may overtake what was sent before it.
            StepVerifier.create(answer(model).events(Chunk.class))
                    .thenConsumeWhile(chunk -> true)
                    .expectError(TransportException.class)
                    .verify(LIMIT);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void endsByTheIdleTimeoutWhenTheAnswerStalls() { // L45
        try (TestServer server = CHAT.delivered(feed -> feed.silentAfter(3)).start();
                Connector model = connector(server)) {
            StepVerifier.create(answer(model).idleTimeout(ofMillis(50)).events(Chunk.class))
                    .thenConsumeWhile(chunk -> true)
                    .expectError(ResponseTimeoutException.class)
                    .verify(LIMIT);
            assertThat(server.requests()).hasSize(1);
            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void takesAnErrorInTheMiddleForData() { // L46
        try (TestServer server = CHAT.errorAfter(2).start();
                Connector model = connector(server)) {
            StepVerifier.create(answer(model)
                            .requireCompletion()
                            .decoded(Chunk.class)
                            .mapNotNull(event -> event.value().orElseThrow().error()))
                    .expectNext(new Problem("The server had an error", "server_error"))
                    .expectError(IncompleteStreamException.class)
                    .verify(LIMIT);
        }
    }

    @Test
    void goesOnBehindAnEventThatIsNoJson() { // L46
        try (TestServer server = CHAT.cuttingJsonOf(3).start();
                Connector model = connector(server)) {
            StepVerifier.create(answer(model).requireCompletion().events(Chunk.class))
                    .expectNextCount(2)
                    .expectError(EventDataException.class)
                    .verify(LIMIT);
            StepVerifier.create(answer(model)
                            .requireCompletion()
                            .decoded(Chunk.class)
                            .map(event -> event.failure().isPresent())
                            .collectList())
                    .assertNext(failed -> assertThat(failed)
                            .hasSize(9)
                            .containsOnlyOnce(true)
                            .element(2)
                            .isEqualTo(true))
                    .expectComplete()
                    .verify(LIMIT);
        }
    }

    @Test
    void refusesWhateverTheReasonWithoutAskingAgain() {
        FakeChatCompletions refusing = CHAT.rateLimited()
                .header("Retry-After", "1")
                .onRequest(1)
                .once()
                .outOfQuota()
                .onRequest(2)
                .once();
        try (TestServer server = refusing.start();
                Connector model = connector(server)) {
            for (String code : List.of("rate_limit_exceeded", "insufficient_quota")) {
                StepVerifier.create(answer(model).events(Chunk.class))
                        .expectErrorSatisfies(failure -> assertThat(failure)
                                .isInstanceOfSatisfying(HttpStatusException.class, refusal -> {
                                    assertThat(refusal.status()).isEqualTo(429);
                                    assertThat(refusal.body()).contains(code);
                                    assertThat(refusal.headers().first("x-ratelimit-reset-tokens"))
                                            .hasValue("6m0s");
                                }))
                        .verify(LIMIT);
            }
            expectText(answer(model), TEXT);
        }
    }

    @Test
    void asksAgainAfterARefusalIfItIsTold() {
        FakeChatCompletions busy =
                CHAT.rateLimited().header("Retry-After", "0").onRequest(1).once();
        try (TestServer server = busy.start();
                Connector model = connector(server)) {
            expectText(
                    answer(model)
                            .reconnect(ReconnectPolicy.exponential(ofMillis(2)))
                            .requireCompletion(),
                    TEXT);

            assertThat(server.requests())
                    .extracting(RecordedRequest::body)
                    .hasSize(2)
                    .containsOnly(server.requests().get(0).body());
        }
    }

    private static void expectText(EventStream stream, String text) {
        Flux<Chunk> chunks = stream.events(Chunk.class);
        StepVerifier.create(chunks.map(Chunk::text).reduce(String::concat))
                .expectNext(text)
                .expectComplete()
                .verify(LIMIT);
    }

    private static EventStream answer(Connector model) {
        Request question = Request.post(PATH)
                .json(Map.of(
                        "model",
                        "m",
                        "stream",
                        true,
                        "messages",
                        List.of(Map.of("role", "user", "content", "Hello?"))));
        return EventStream.from(model, question).completeWhen(SseEvent.dataEquals("[DONE]"));
    }

    private static Connector connector(TestServer server) {
        return Connector.builder(server.url()).build();
    }

    private static Named<UnaryOperator<FakeChatCompletions>> server(
            String name, UnaryOperator<FakeChatCompletions> server) {
        return Named.of(name, server);
    }
}
