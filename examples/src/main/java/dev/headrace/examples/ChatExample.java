package dev.headrace.examples;

import static java.time.Duration.ofSeconds;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.SseEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The answer of a language model, piece by piece as it comes. */
public final class ChatExample {

    record Question(String model, boolean stream, List<Message> messages) {}

    record Message(String role, String content) {}

    record Chunk(List<Choice> choices) {

        /** Empty for what is no text: the role, the reason of the end, the usage. */
        String text() {
            String content = choices.isEmpty() ? null : choices.get(0).delta().content();
            return content == null ? "" : content;
        }
    }

    record Choice(Delta delta) {}

    record Delta(@Nullable String content) {}

    private ChatExample() {}

    static Flux<String> answer(Connector model, String question) {
        Question body = new Question("demo", true, List.of(new Message("user", question)));
        return EventStream.from(model, Request.post("/v1/chat/completions").json(body))
                .idleTimeout(ofSeconds(30))
                .completeWhen(SseEvent.dataEquals("[DONE]"))
                .requireCompletion() // an answer that was cut short is a failure, and is not asked for again
                .events(Chunk.class)
                .map(Chunk::text);
    }

    /**
     * Prints an answer as it comes.
     *
     * @param args the URL of a running {@link DemoServer}; without, one is started
     */
    public static void main(String[] args) {
        Example.print(
                args,
                api -> answer(api, "What is a headrace?")
                        .doOnNext(System.out::print)
                        .then(Mono.just(" <- that was all")));
    }
}
