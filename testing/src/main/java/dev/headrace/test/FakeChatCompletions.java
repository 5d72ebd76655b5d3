package dev.headrace.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;

/**
 * Chat completions in the style of OpenAI: a POST that is answered by a stream of events without ids, and all that servers call compatible
 * with it.
 *
 * <pre>{@code
 * FakeChatCompletions chat = FakeChatCompletions.answering("Hel", "lo")
 *         .delivered(feed -> feed.lineEnd("\r\n").withoutSpaces().heartbeat(ofMillis(10)))
 *         .rateLimited().header("Retry-After", "1").onRequest(1).once();
 * }</pre>
 *
 * <p>A request needs {@code model}, {@code messages} and {@code "stream":true}, or is answered 400. The events are: the role, a delta for each
 * piece of text, a delta for each fragment of a tool's arguments, the {@code finish_reason}, the usage if {@code stream_options} ask for it, and
 * {@code [DONE]}. How they come is set by {@link #delivered}: a stream that ends early is {@code feed.hangUpAfter(3)}, one that breaks
 * {@code cutAfter(3)}, one that stalls {@code silentAfter(3)}. Settings return a changed copy that counts from the beginning.
 */
public final class FakeChatCompletions implements Route {

    private static final String DONE = "[DONE]";

    private record ToolCall(String name, List<String> fragments) {}

    private record Limit(int requests, Duration window, InstantSource clock) {}

    private static final class Settings {
        List<String> text = List.of();
        List<ToolCall> calls = List.of();
        boolean done = true;
        long errorAfter = Long.MAX_VALUE;
        long cutJson;
        UnaryOperator<EventFeed> delivery = UnaryOperator.identity();

        @Nullable
        Limit limit;

        Settings copy() {
            Settings copy = new Settings();
            copy.text = text;
            copy.calls = calls;
            copy.done = done;
            copy.errorAfter = errorAfter;
            copy.cutJson = cutJson;
            copy.delivery = delivery;
            copy.limit = limit;
            return copy;
        }
    }

    private final Settings settings; // never changed once it is here
    private final Faults<Answer> faults;
    private final @Nullable FixedWindow window;
    private final AtomicInteger requests = new AtomicInteger();

    private FakeChatCompletions(Settings settings, Faults<Answer> faults) {
        this.settings = settings;
        this.faults = faults;
        Limit limit = settings.limit;
        this.window = limit == null ? null : new FixedWindow(limit.requests(), limit.window(), limit.clock());
    }

    /**
     * A model that always answers the same.
     *
     * @param pieces the text, in the pieces in which it comes
     * @return as fast as the reader, no limit, no faults
     */
    public static FakeChatCompletions answering(String... pieces) {
        Settings settings = new Settings();
        settings.text = List.of(pieces);
        return new FakeChatCompletions(settings, Faults.none());
    }

    /**
     * Calls a tool after the text. The fragments of several calls come by turns, told apart only by their {@code index}.
     *
     * @param tool the name of the function
     * @param fragments the arguments, in the pieces in which they come
     * @return a changed copy
     */
    public FakeChatCompletions calling(String tool, String... fragments) {
        return with(copy ->
                copy.calls = Stream.concat(copy.calls.stream(), Stream.of(new ToolCall(tool, List.of(fragments))))
                        .toList());
    }

    /**
     * Ends without {@code [DONE]}.
     *
     * @return a changed copy
     */
    public FakeChatCompletions withoutDone() {
        return with(copy -> copy.done = false);
    }

    /**
     * Sends an error in the middle, where the status has long been 200, and then ends.
     *
     * @param events how many come before the error
     * @return a changed copy
     */
    public FakeChatCompletions errorAfter(long events) {
        if (events < 0) {
            throw new IllegalArgumentException("errorAfter must not be negative: " + events);
        }
        return with(copy -> copy.errorAfter = events);
    }

    /**
     * Cuts the JSON of one event in half and goes on.
     *
     * @param event its number, counted from 1
     * @return a changed copy
     */
    public FakeChatCompletions cuttingJsonOf(long event) {
        if (event < 1) {
            throw new IllegalArgumentException("event must be at least 1: " + event);
        }
        return with(copy -> copy.cutJson = event);
    }

    /**
     * Sets how the events come.
     *
     * @param delivery changes a feed without faults; each answer has a feed of its own, so faults that count requests belong here instead
     * @return a changed copy
     */
    public FakeChatCompletions delivered(UnaryOperator<EventFeed> delivery) {
        return with(copy -> copy.delivery = delivery);
    }

    /**
     * Answers 429 with the code {@code rate_limit_exceeded} above a limit, and says in {@code x-ratelimit-*} what is left. Default: no limit,
     * and headers that say 59 of 60 are left.
     *
     * @param requests allowed in each window, at least 1
     * @param window begins with a request
     * @param clock asked at every request, on an event loop
     * @return a changed copy
     */
    public FakeChatCompletions limit(int requests, Duration window, InstantSource clock) {
        return with(copy -> copy.limit = new Limit(requests, window, clock));
    }

    /**
     * Answers 429 with the code {@code rate_limit_exceeded}: later it may go.
     *
     * @return when to do so
     */
    public Fault<FakeChatCompletions> rateLimited() {
        return fault(FakeChatCompletions::refuseForNow);
    }

    /**
     * Answers 429 with the code {@code insufficient_quota}: it will not go until somebody pays.
     *
     * @return when to do so
     */
    public Fault<FakeChatCompletions> outOfQuota() {
        return fault(answer -> answer.failJson(
                429, error("You exceeded your current quota", "insufficient_quota", null, "insufficient_quota")));
    }

    /**
     * Answers a status with an error of the server.
     *
     * @param status for example 500
     * @return when to do so
     */
    public Fault<FakeChatCompletions> failing(int status) {
        return fault(answer -> answer.failJson(status, error("status " + status, "server_error", null, null)));
    }

    @Override
    public Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        return request.receive()
                .aggregate()
                .asString(StandardCharsets.UTF_8)
                .defaultIfEmpty("")
                .flatMap(body -> answer(new Asked(request, body), response));
    }

    private Mono<Void> answer(Asked asked, HttpServerResponse response) {
        Answer answer = new Answer();
        int number = requests.incrementAndGet();
        response.header("x-request-id", "req_" + number);
        admit(answer, response);
        faults.spoil(answer, asked.request(), number);
        if (!answer.failed) {
            complaint(asked).ifPresent(error -> answer.failJson(asked.is("POST") ? 400 : 405, error));
        }
        if (answer.failed) {
            return answer.sendTo(asked.request(), response);
        }
        List<String> events = events("chatcmpl-" + number, asked.json());
        EventFeed feed = EventFeed.of(events.size())
                .ids(event -> "", id -> 0)
                .contentType("text/event-stream")
                .data(event -> events.get((int) event - 1));
        return Mono.from(settings.delivery.apply(feed).handle(asked.request(), response));
    }

    /** Counts a request against the limit and says what is left of it. */
    private void admit(Answer answer, HttpServerResponse response) {
        int allowed = 60;
        int left = 59;
        long reset = 1;
        if (window != null) {
            synchronized (window) {
                if (!window.take()) {
                    refuseForNow(answer);
                }
                allowed = window.allowed();
                left = allowed - window.used();
                reset = window.secondsToReset();
            }
        }
        response.header("x-ratelimit-limit-requests", Integer.toString(allowed))
                .header("x-ratelimit-remaining-requests", Integer.toString(left))
                .header("x-ratelimit-reset-requests", inGoStyle(Duration.ofSeconds(reset)))
                .header("x-ratelimit-reset-tokens", "6m0s");
    }

    /** {@code 1s}, {@code 6m30s}, {@code 1h0m0s}. */
    private static String inGoStyle(Duration time) {
        String seconds = time.toSecondsPart() + "s";
        return time.toHours() > 0
                ? time.toHours() + "h" + time.toMinutesPart() + "m" + seconds
                : time.toMinutes() > 0 ? time.toMinutes() + "m" + seconds : seconds;
    }

    private static Optional<String> complaint(Asked asked) {
        if (!asked.is("POST")) {
            return Optional.of(invalid("Not allowed: " + asked.request().method(), null));
        }
        JsonNode body = asked.json();
        if (body.path("model").asString("").isEmpty()) {
            return Optional.of(invalid("you must provide a model parameter", "model"));
        }
        JsonNode messages = body.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            return Optional.of(invalid("messages must be an array of at least one message", "messages"));
        }
        for (JsonNode message : messages) {
            if (message.path("role").asString("").isEmpty()) {
                return Optional.of(invalid("a message needs a role", "messages"));
            }
        }
        return body.path("stream").asBoolean(false)
                ? Optional.empty()
                : Optional.of(invalid("only streams are given here", "stream"));
    }

    private List<String> events(String id, JsonNode asked) {
        String model = JsonText.quoted(asked.path("model").asString(""));
        String head =
                "{\"id\":\"" + id + "\",\"object\":\"chat.completion.chunk\",\"created\":1767225600,\"model\":" + model;
        List<String> deltas = new ArrayList<>();
        deltas.add("{\"role\":\"assistant\",\"content\":\"\"}");
        settings.text.forEach(piece -> deltas.add("{\"content\":" + JsonText.quoted(piece) + "}"));
        deltas.addAll(callDeltas());
        List<String> events = new ArrayList<>();
        deltas.forEach(delta -> events.add(head + choice(delta, "null")));
        events.add(head + choice("{}", settings.calls.isEmpty() ? "\"stop\"" : "\"tool_calls\""));
        if (asked.path("stream_options").path("include_usage").asBoolean(false)) {
            int prompt = asked.path("messages").size();
            int completion = deltas.size() - 1; // pieces for tokens; the role is none
            events.add(head
                    + ",\"choices\":[],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}}"
                            .formatted(prompt, completion, prompt + completion));
        }
        if (settings.done) {
            events.add(DONE);
        }
        if (settings.cutJson >= 1 && settings.cutJson <= events.size()) {
            String whole = events.get((int) settings.cutJson - 1);
            events.set((int) settings.cutJson - 1, whole.substring(0, whole.length() / 2));
        }
        if (settings.errorAfter < events.size()) {
            events.subList((int) settings.errorAfter, events.size()).clear();
            events.add(error("The server had an error", "server_error", null, null));
        }
        return events;
    }

    /** By turns: a client that appends whatever comes to the last call mixes them up. */
    private List<String> callDeltas() {
        List<String> deltas = new ArrayList<>();
        for (int index = 0; index < settings.calls.size(); index++) {
            deltas.add(
                    "{\"tool_calls\":[{\"index\":%d,\"id\":\"call_%d\",\"type\":\"function\",\"function\":{\"name\":%s,\"arguments\":\"\"}}]}"
                            .formatted(
                                    index,
                                    index,
                                    JsonText.quoted(settings.calls.get(index).name())));
        }
        int longest = settings.calls.stream()
                .mapToInt(call -> call.fragments().size())
                .max()
                .orElse(0);
        for (int turn = 0; turn < longest; turn++) {
            for (int index = 0; index < settings.calls.size(); index++) {
                List<String> fragments = settings.calls.get(index).fragments();
                if (turn < fragments.size()) {
                    deltas.add("{\"tool_calls\":[{\"index\":%d,\"function\":{\"arguments\":%s}}]}"
                            .formatted(index, JsonText.quoted(fragments.get(turn))));
                }
            }
        }
        return deltas;
    }

    private static String choice(String delta, String finishReason) {
        return ",\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finishReason + "}]}";
    }

    private static void refuseForNow(Answer answer) {
        answer.failJson(429, error("Rate limit reached", "requests", null, "rate_limit_exceeded"));
    }

    private static String invalid(String message, @Nullable String parameter) {
        return error(message, "invalid_request_error", parameter, null);
    }

    private static String error(String message, String type, @Nullable String parameter, @Nullable String code) {
        return "{\"error\":{\"message\":%s,\"type\":\"%s\",\"param\":%s,\"code\":%s}}"
                .formatted(JsonText.quoted(message), type, nullable(parameter), nullable(code));
    }

    private static String nullable(@Nullable String text) {
        return text == null ? "null" : JsonText.quoted(text);
    }

    private FakeChatCompletions with(Consumer<Settings> change) {
        Settings copy = settings.copy();
        change.accept(copy);
        return new FakeChatCompletions(copy, faults.restarted());
    }

    private Fault<FakeChatCompletions> fault(Consumer<Answer> effect) {
        return Fault.of((occasion, extra) -> new FakeChatCompletions(settings, faults.with(occasion, extra, effect)));
    }
}
