package dev.headrace.test;

import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A fake API whose answers are documents, and all that can go wrong with any document on its way.
 *
 * <pre>{@code
 * FakeSlack.method("users.list", "members", users).failing(503).header("Retry-After", "1").onRequest(2).once()
 * }</pre>
 *
 * <p>Faults are added to a changed copy, which counts its requests from the beginning; all that strike a request apply
 * to it. Name requests by {@link Fault#onRequest}: {@link Fault#onPage} is for APIs whose pages have numbers. A request is looked at when its body has arrived, one at a time. What a fault does to the answer does not undo
 * what the request did: a dropped {@code POST} has been carried out.
 *
 * @param <T> the API itself
 */
public abstract sealed class FaultyRoute<T extends FaultyRoute<T>> implements Route
        permits FakeApi,
                FakeRepositories,
                FakeStripe,
                FakeSlack,
                FakeSalesforce,
                FakeElasticsearch,
                FakeHubSpot,
                FakeShopify,
                FakeShopifyGraphQl,
                FakeGraph,
                FakeRelay,
                FakeCalendar,
                FakePages {

    private final Faults<Answer> faults;
    private final AtomicInteger requests = new AtomicInteger();

    FaultyRoute(Faults<Answer> faults) {
        this.faults = faults;
    }

    /** The same API with these faults, as if nobody had asked it yet. */
    abstract T with(Faults<Answer> faults);

    /** Writes the answer to a request. Only one request is in here at a time. */
    abstract void fill(Answer answer, Asked asked);

    /** Counts a request against limits, before any fault; one that fails here is seen by no fault and has no number. */
    void admit(Answer answer, Asked asked) {}

    /** Called when an answer has been sent, or cannot be. */
    void answered(Asked asked) {}

    /** The faults, to be given to a copy. */
    final Faults<Answer> faults() {
        return faults.restarted();
    }

    /**
     * Answers with a status and a JSON body that has a {@code message}, instead of the page.
     *
     * @param status for example 503
     * @return when to do so
     */
    public final Fault<T> failing(int status) {
        return failing(status, "application/json", "{\"message\":\"status " + status + "\"}");
    }

    /**
     * Answers with a status and a body of one's own, instead of the page: a problem (RFC 9457), an error page.
     *
     * @param status for example 422
     * @param contentType the media type, for example {@code application/problem+json}
     * @param body sent as UTF-8
     * @return when to do so
     */
    public final Fault<T> failing(int status, String contentType, String body) {
        return fault(answer -> {
            answer.fail(status, body);
            answer.headers.set("Content-Type", contentType);
        });
    }

    /**
     * Answers 200 with another body: malformed JSON, an HTML error page.
     *
     * @param contentType the media type claimed
     * @param body sent as UTF-8
     * @return when to do so
     */
    public final Fault<T> answering(String contentType, String body) {
        return failing(200, contentType, body);
    }

    /**
     * Sends the right body under another media type.
     *
     * @param contentType the media type claimed
     * @return when to do so
     */
    public final Fault<T> claiming(String contentType) {
        return fault(answer -> answer.overriding.set("Content-Type", contentType));
    }

    /**
     * Puts a byte order mark before the body (RFC 8259 §8.1 forbids it, and servers do it).
     *
     * @return when to do so
     */
    public final Fault<T> markingByteOrder() {
        return rewriting(
                body -> ("\uFEFF" + new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Compresses the body with gzip and says so in {@code Content-Encoding}, whether asked to or not.
     *
     * @return when to do so
     */
    public final Fault<T> gzipping() {
        return rewriting(FaultyRoute::gzip).header("Content-Encoding", "gzip");
    }

    /**
     * Promises the page by {@code Content-Length}, sends half of it and closes the connection.
     *
     * @return when to do so
     */
    public final Fault<T> truncating() {
        return cutting(Answer.Framing.CONTENT_LENGTH);
    }

    /**
     * Sends half of the page in chunks and closes the connection before the last chunk.
     *
     * @return when to do so
     */
    public final Fault<T> truncatingChunks() {
        return cutting(Answer.Framing.CHUNKED);
    }

    /**
     * Sends half of the page without any framing and closes the connection: only the JSON tells that it is cut.
     *
     * @return when to do so
     */
    public final Fault<T> truncatingUnframed() {
        return cutting(Answer.Framing.CLOSE);
    }

    /**
     * Sends half of the page, then nothing more, and keeps the connection open.
     *
     * @return when to do so
     */
    public final Fault<T> stalling() {
        return fault(answer -> answer.stallAfter = 0);
    }

    /**
     * Closes the connection without an answer, with a FIN.
     *
     * @return when to do so
     */
    public final Fault<T> dropping() {
        return fault(answer -> answer.dropped = true);
    }

    /**
     * Waits before answering; what is decided is decided before.
     *
     * @param delay how long, to the millisecond
     * @return when to do so
     */
    public final Fault<T> delaying(Duration delay) {
        return fault(answer -> answer.delay = delay);
    }

    @Override
    public final Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        if (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD)) {
            return send(new Asked(request, ""), response);
        }
        return request.receive()
                .aggregate()
                .asString(StandardCharsets.UTF_8)
                .defaultIfEmpty("")
                .flatMap(body -> send(new Asked(request, body), response));
    }

    private Mono<Void> send(Asked asked, HttpServerResponse response) {
        return answer(asked).sendTo(asked.request(), response).doFinally(end -> answered(asked));
    }

    private synchronized Answer answer(Asked asked) {
        Answer answer = new Answer();
        admit(answer, asked);
        if (!answer.failed) {
            faults.spoil(answer, asked.request(), requests.incrementAndGet());
        }
        if (!answer.failed) {
            fill(answer, asked);
        }
        answer.body = answer.rewriting.apply(answer.body);
        long half = answer.body.length() / 2;
        answer.cutAfter = answer.cutAfter == Long.MAX_VALUE ? Long.MAX_VALUE : half;
        answer.stallAfter = answer.stallAfter == Long.MAX_VALUE ? Long.MAX_VALUE : half;
        return answer;
    }

    final Fault<T> fault(Consumer<Answer> effect) {
        return Fault.of((occasion, extra) -> with(faults.with(occasion, extra, effect)));
    }

    /** A fault that the route itself carries out. */
    final Fault<T> fault(Enum<?> deviation) {
        return fault(answer -> answer.deviations.put(deviation, ""));
    }

    /** A fault that answers with JSON instead of the page. */
    final Fault<T> refusing(int status, String json) {
        return fault(answer -> answer.failJson(status, json));
    }

    /** A fault that gives fewer items than asked, none at all perhaps, with more to come. */
    final Fault<T> pagesOf(int items) {
        if (items < 0) {
            throw new IllegalArgumentException("items must not be negative: " + items);
        }
        return fault(answer -> answer.itemsAtMost = items);
    }

    private Fault<T> cutting(Answer.Framing framing) {
        return fault(answer -> {
            answer.framing = framing;
            answer.cutAfter = 0;
        });
    }

    private Fault<T> rewriting(UnaryOperator<byte[]> change) {
        return fault(answer -> {
            UnaryOperator<Content> before = answer.rewriting;
            answer.rewriting = body -> {
                Content content = before.apply(body);
                return Content.of(change.apply(content.bytes(0, (int) content.length())));
            };
        });
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
