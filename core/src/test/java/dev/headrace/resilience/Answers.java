package dev.headrace.resilience;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headrace.http.Exchange;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** A remote that answers as a list says, the last answer for ever, and remembers what it was asked. */
final class Answers implements Exchange {

    /** One answer: a response to a request, or a failure. */
    interface Answer {
        Mono<Response> to(Request request);
    }

    private final List<Answer> answers;
    private final List<Request> asked = new CopyOnWriteArrayList<>();

    private Answers(List<Answer> answers) {
        this.answers = answers;
    }

    static Answers of(Answer... answers) {
        return new Answers(List.of(answers));
    }

    static Answers ofStatus(int... statuses) {
        return new Answers(
                Arrays.stream(statuses).mapToObj(status -> status(status)).toList());
    }

    static Answer status(int status, String... headers) {
        return request -> Mono.just(Response.of(request, status, Headers.of(headers), "body".getBytes(UTF_8)));
    }

    static Answer json(int status, String body, String... headers) {
        return request -> Mono.just(Response.of(
                request,
                status,
                Headers.of(headers).withDefaults(Headers.of("Content-Type", "application/json")),
                body.getBytes(UTF_8)));
    }

    static Answer marked(Answer answer, UnaryOperator<Response> mark) {
        return request -> answer.to(request).map(mark);
    }

    static Answer failure(Throwable failure) {
        return request -> Mono.error(failure);
    }

    @Override
    public Mono<Response> exchange(Request request) {
        return Mono.defer(() -> {
            asked.add(request);
            return answers.get(Math.min(asked.size(), answers.size()) - 1).to(request);
        });
    }

    /** The requests in the order in which they came. */
    List<Request> asked() {
        return asked;
    }

    int count() {
        return asked.size();
    }
}
