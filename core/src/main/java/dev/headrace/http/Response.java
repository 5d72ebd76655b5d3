package dev.headrace.http;

import dev.headrace.Defaults;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What came back: status, headers, and the body as a stream that can be read once.
 *
 * <p>Whoever holds a response owns its body and must read, {@linkplain #discard() discard} or pass it on. The scoped forms of
 * {@code exchange} see to that.
 */
public final class Response {

    private static final Duration BUFFERED_WITHIN = Duration.ofSeconds(5);
    private static final int UNKNOWN = -1;

    private final Request request;
    private final int status;
    private final String protocol;
    private final Headers headers;
    private final Flux<ByteBuf> body;
    private final Runnable abort;
    private final BodyEnding ending;
    private final @Nullable Verdict verdict;
    private final int bytesAtHand;

    Response(
            Request request,
            int status,
            Headers headers,
            Flux<ByteBuf> body,
            Runnable abort,
            BodyEnding ending,
            @Nullable Verdict verdict) {
        this(request, status, "HTTP/1.1", headers, body, abort, ending, verdict);
    }

    Response(
            Request request,
            int status,
            String protocol,
            Headers headers,
            Flux<ByteBuf> body,
            Runnable abort,
            BodyEnding ending,
            @Nullable Verdict verdict) {
        this(request, status, protocol, headers, body, abort, ending, verdict, UNKNOWN);
    }

    private Response(
            Request request,
            int status,
            String protocol,
            Headers headers,
            Flux<ByteBuf> body,
            Runnable abort,
            BodyEnding ending,
            @Nullable Verdict verdict,
            int bytesAtHand) {
        this.bytesAtHand = bytesAtHand;
        this.protocol = protocol;
        this.request = Objects.requireNonNull(request, "request");
        this.status = status;
        this.headers = Objects.requireNonNull(headers, "headers");
        this.body = Objects.requireNonNull(body, "body");
        this.abort = abort;
        this.ending = ending;
        this.verdict = verdict;
    }

    /**
     * A response made by an interceptor or a test, without a connection behind it.
     *
     * @param request what it answers
     * @param status the status code
     * @param headers the headers
     * @param body the content; empty for none
     * @return the response
     */
    public static Response of(Request request, int status, Headers headers, byte[] body) {
        return inMemory(request, status, headers, body.clone());
    }

    /**
     * A response made by an interceptor or a test whose body is a stream of its own.
     *
     * @param request what it answers
     * @param status the status code
     * @param headers the headers
     * @param body the content; subscribed to when it is read
     * @return the response
     */
    public static Response of(Request request, int status, Headers headers, Flux<ByteBuffer> body) {
        return new Response(
                request, status, headers, body.map(Unpooled::wrappedBuffer), () -> {}, BodyEnding.past(), null);
    }

    private static Response inMemory(Request request, int status, Headers headers, byte[] content) {
        // As with the transport: the buffer is released once it has been handed over.
        Flux<ByteBuf> body = content.length == 0
                ? Flux.empty()
                : Flux.using(() -> Unpooled.wrappedBuffer(content), Flux::just, ByteBuf::release);
        return new Response(request, status, headers, body, () -> {}, BodyEnding.past(), null);
    }

    /**
     * The URI that answered, absolute; relative links in headers and body refer to it.
     *
     * @return the URI, with whatever secrets its query holds
     */
    public URI uri() {
        return request.uri();
    }

    /**
     * The status code.
     *
     * @return 200 to 599; interim responses are never seen here
     */
    public int status() {
        return status;
    }

    /**
     * The protocol spoken. With HTTP/2 the end of every body is marked (RFC 9113 §8.1), with HTTP/1.1 only where its length or chunks are
     * (RFC 9112 §6.3).
     *
     * @return {@code HTTP/2} or {@code HTTP/1.1}; the latter also for HTTP/1.0 and for a response made without a connection
     */
    public String protocol() {
        return protocol;
    }

    /**
     * Whether this is a success.
     *
     * @return true for 200 to 299, unless there is a {@linkplain #verdict() verdict} that says otherwise
     */
    public boolean isSuccessful() {
        return verdict == null ? status >= 200 && status < 300 : verdict instanceof Verdict.Accept;
    }

    /**
     * The headers.
     *
     * @return as they came
     */
    public Headers headers() {
        return headers;
    }

    /**
     * The body as it arrives: the transport's own buffers, for interceptors and decoders.
     *
     * <p>Each buffer is released as soon as {@code onNext} returns: use it there and then, or {@code retain} it and become its
     * owner. Demand reaches the socket. Signals come on the event loop, which must not be blocked. It can be subscribed to once;
     * a second time is an {@link IllegalStateException}. It errors with {@link TransportException} when the connection breaks
     * before the end that the framing promised, and with {@link ResponseTimeoutException} when the remote falls silent while
     * more is asked for. Cancelling closes the connection.
     *
     * @return the content, without transfer coding
     */
    public Flux<ByteBuf> body() {
        return body;
    }

    /**
     * The body as copies that the reader may keep.
     *
     * <p>As {@link #body()} in everything else.
     *
     * @return read-only heap buffers
     */
    public Flux<ByteBuffer> bytes() {
        return body.map(chunk -> ByteBuffer.wrap(ByteBufUtil.getBytes(chunk)).asReadOnlyBuffer());
    }

    /**
     * The whole body in memory.
     *
     * <p>A body over the limit errors with {@link BodyTooLargeException}, and the connection is closed.
     *
     * @param limit most bytes to accept
     * @return all bytes; an empty array for an empty body
     */
    public Mono<byte[]> readAll(int limit) {
        return body.collect(() -> new WholeBody(request, limit), WholeBody::add).map(WholeBody::bytes);
    }

    /**
     * Looks at the first bytes of the body without taking them from whoever reads it later; for interceptors.
     *
     * <p>Waits until that many bytes have come, or the end, so it is not for streams that go on as things happen. Errors as {@link #body()}.
     * Cancelling closes the connection. Not after anyone has begun to read the body, for it can be read once.
     *
     * @param limit most bytes to look at; more than zero
     * @return those bytes, and the response to go on with in place of this one
     */
    public Mono<Peeked> peek(int limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException("limit must be more than zero, but is " + limit);
        }
        return HeadReader.peek(this, limit);
    }

    /**
     * The whole response as a value.
     *
     * <p>As {@link #readAll(int)} in everything else.
     *
     * @param limit most bytes of the body to accept
     * @return status, headers and all bytes
     */
    public Mono<BufferedResponse> whole(int limit) {
        return body.collect(() -> new WholeBody(request, limit), WholeBody::add)
                .map(all -> new BufferedResponse(this, all.bytes()));
    }

    /**
     * A copy of this response that needs no connection any more: the first 64 KiB of the body are kept, or as much of them as
     * came before it broke or within 5 s; the status is what matters then. For more, the connection is closed.
     *
     * @return a response that can be passed on and read at any time; never fails
     */
    public Mono<Response> buffered() {
        return Mono.defer(() -> {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            return body.take(BUFFERED_WITHIN)
                    .takeUntil(chunk -> {
                        int length = Math.min(chunk.readableBytes(), Defaults.ERROR_BODY_LIMIT - head.size());
                        head.writeBytes(ByteBufUtil.getBytes(chunk, chunk.readerIndex(), length));
                        return head.size() == Defaults.ERROR_BODY_LIMIT;
                    })
                    .onErrorComplete()
                    .then(Mono.fromSupplier(() -> {
                        Response copy = inMemory(request, status, headers, head.toByteArray());
                        return verdict == null ? copy : copy.withVerdict(verdict);
                    }));
        });
    }

    /**
     * Gives up the body: what is there up to 64 KiB is read so that the connection can be used again; for more it is closed.
     *
     * @return completes when nothing of this response is held any more; never fails
     */
    public Mono<Void> discard() {
        return buffered().then();
    }

    /**
     * The same response with its body decompressed, if the body is coded by gzip (RFC 9110 §8.4.1.3), and without the headers that speak
     * of the coded bytes. For a body that was not asked to be coded; {@link ExchangeOptions#decompress(boolean)} asks for it.
     *
     * @return a response that takes this one's place; this one if the body is not coded by gzip. The body errors with
     *     {@link ContentEncodingException} if it is broken, ends too early or grows to more than 100 times its bytes on the wire
     */
    public Response decompressed() {
        return Decompression.isGzip(this) ? Decompression.decompressed(this) : this;
    }

    /**
     * This response with other headers.
     *
     * @param headers in place of those before
     * @return a response on the same body
     */
    public Response withHeaders(Headers headers) {
        return new Response(request, status, protocol, headers, body, abort, ending, verdict, bytesAtHand);
    }

    /**
     * What the chain makes of this response beyond its status.
     *
     * @return the verdict, if somebody gave one
     */
    public Optional<Verdict> verdict() {
        return Optional.ofNullable(verdict);
    }

    /**
     * This response with a verdict on it; for interceptors.
     *
     * @param verdict in place of one before
     * @return a response on the same body
     */
    public Response withVerdict(Verdict verdict) {
        Objects.requireNonNull(verdict, "verdict");
        return new Response(request, status, protocol, headers, body, abort, ending, verdict, bytesAtHand);
    }

    /**
     * Calls back once when this response needs its connection no more: its body was read to the end, broke, or was given up by whoever
     * held it. At once if that has happened, and for a response without a connection.
     *
     * @param action told how; on any thread, must not block or throw
     */
    public void onEnd(Consumer<? super BodyEnd> action) {
        ending.whenEnded(action);
    }

    /**
     * This response with a copy taken of the head of its body while somebody else reads it, for logs. Demand and ownership stay as they are
     * and nothing is read that the reader does not ask for.
     *
     * @param limit most bytes to copy; 0 to learn only how the body ends
     * @param action told once, when the reading of this body ends or is given up: what was copied, and how many bytes passed in all. For a
     *     response without a connection whose body nobody reads it is not told. On any thread, must not block or throw
     * @return a response on the same body
     * @throws IllegalArgumentException if the limit is negative
     */
    public Response copyingHead(int limit, BiConsumer<byte[], BodyEnd> action) {
        if (limit < 0) {
            throw new IllegalArgumentException("limit must not be negative, but is " + limit);
        }
        BodyCopy copy = new BodyCopy(limit, action);
        copy.watch(ending);
        Flux<ByteBuf> copied = body.tap(copy::forReader);
        return new Response(request, status, protocol, headers, copied, abort, ending, verdict, bytesAtHand);
    }

    /** This response with another body on the same connection: decompressed, counted, replayed. */
    Response replacingBody(Flux<ByteBuf> body, Runnable abort) {
        return new Response(request, status, protocol, headers, body, abort, ending, verdict);
    }

    /** This response with its body replayed from memory, where all of it has come. */
    Response replayingBody(Flux<ByteBuf> body, Runnable abort, int bytesAtHand) {
        return new Response(request, status, protocol, headers, body, abort, ending, verdict, bytesAtHand);
    }

    /**
     * How large the body is, where all of it has come already: as a document that was read before the response was handed on, see
     * {@link ExchangeOptions#documentHead(int)}. Reading such a body waits for nothing.
     *
     * @return its length in bytes, or empty if there may be more to come
     */
    public OptionalInt bytesAtHand() {
        return bytesAtHand == UNKNOWN ? OptionalInt.empty() : OptionalInt.of(bytesAtHand);
    }

    /**
     * What this answers: the request as it was sent, after redirects and with its attempt.
     *
     * @return the request
     */
    public Request request() {
        return request;
    }

    /** Gives the connection up if the body was not read; does nothing otherwise. */
    void abort() {
        abort.run();
    }

    @Override
    public String toString() {
        return "Response[" + status + " to " + request.describe() + ", " + headers + "]";
    }
}
