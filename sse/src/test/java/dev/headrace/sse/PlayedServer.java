package dev.headrace.sse;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Exchange;
import dev.headrace.http.Headers;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A server without a socket: answers the first request with the first answer, and so on; the last one repeats. */
final class PlayedServer implements Interceptor {

    /** What the server says to one request. */
    @FunctionalInterface
    interface Answer {

        Mono<Response> to(Request request);

        default Answer with(UnaryOperator<Response> change) {
            return request -> to(request).map(change);
        }
    }

    private final List<Answer> answers;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Long> arrivals = new CopyOnWriteArrayList<>();

    PlayedServer(Answer... answers) {
        this.answers = List.of(answers);
    }

    static Answer events(String text) {
        return status(200, Headers.of("Content-Type", "text/event-stream"), text);
    }

    /** Events, then a connection that breaks. */
    static Answer brokenAfter(String text) {
        return events(text).with(response -> followedBy(response, Flux.error(broken())));
    }

    /** Events, then nothing more and no end. */
    static Answer silentAfter(String text) {
        return events(text).with(response -> followedBy(response, Flux.never()));
    }

    /** A response whose body goes on. */
    static Response followedBy(Response response, Publisher<ByteBuffer> rest) {
        return Response.of(
                Request.of("GET", response.uri()),
                response.status(),
                response.headers(),
                response.bytes().concatWith(rest));
    }

    static Answer status(int status, Headers headers, String body) {
        return request ->
                Mono.fromSupplier(() -> Response.of(request, status, headers, body.getBytes(StandardCharsets.UTF_8)));
    }

    static Answer status(int status) {
        return status(status, Headers.none(), "");
    }

    static Answer refused() {
        return request -> Mono.error(broken());
    }

    static HeadraceException broken() {
        return new HeadraceException(FailureKind.TRANSIENT, "the connection broke", null);
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        return Mono.defer(() -> {
            int number = requests.size();
            requests.add(request);
            arrivals.add(Schedulers.parallel().now(TimeUnit.MILLISECONDS));
            return answers.get(Math.min(number, answers.size() - 1)).to(request);
        });
    }

    @SuppressWarnings("resource") // it never connects
    EventStream stream() {
        return stream(Request.get("/events"));
    }

    EventStream stream(Request request) {
        return EventStream.from(
                Connector.builder("http://played.test").interceptor(this).build(), request);
    }

    List<Request> requests() {
        return requests;
    }

    /** What each request sent; empty text where there was no header. */
    List<String> lastEventIds() {
        return requests.stream()
                .map(request -> request.headers().first("Last-Event-ID").orElse(""))
                .toList();
    }

    /** Milliseconds from each request to the one after it. */
    List<Long> waits() {
        return IntStream.range(1, arrivals.size())
                .mapToObj(i -> arrivals.get(i) - arrivals.get(i - 1))
                .toList();
    }
}
