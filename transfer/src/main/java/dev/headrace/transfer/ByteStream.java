package dev.headrace.transfer;

import dev.headrace.Defaults;
import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.http.Request;
import dev.headrace.resilience.BandwidthLimit;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Remote content as a stream of bytes, in chunks of one size, through broken lines. Immutable; every change gives a new value.
 *
 * <pre>{@code
 * Flux<ByteBuffer> bytes = ByteStream.from(storage, Request.get("/dump.bin"))
 *         .chunkSize(64 * 1024)
 *         .startAt(offset)
 *         .bytes();
 * }</pre>
 *
 * <p>When the line breaks, the rest is asked for with {@code Range} and {@code If-Range} (RFC 9110 §13.1.5), inside the stream, and is
 * gone on with only if the answer proves to be of the same version. No byte is emitted twice and none is left out; the stream completes
 * only when all of them have come.
 *
 * <p><b>Chunks.</b> Each has exactly the {@linkplain #chunkSize chunk size}, but for the last one, which may be shorter and is never
 * empty. The buffers are read-only and lie on the heap. By default each has memory of its own and may be kept, queued or handed to
 * another thread for as long as one likes; see {@link #reuseBuffers} for the other way.
 *
 * <p><b>Demand</b> reaches the connection: nothing happens before something is asked for, and then as much is asked of the transport as
 * the chunks asked for must take. A reader that is slow is no fault of the remote's: no clock runs while nothing is asked for.
 *
 * <p><b>Errors.</b> A broken connection, a timeout or a status that may pass is tried again ({@link #maxRetries}); the last error is
 * signalled when that is used up. Before an error all bytes that came are emitted, so that what was read tells where to go on with
 * {@link #startAt}. If the remote has another version meanwhile, that is a {@link ContentChangedException} ({@code UNTRUSTED_DATA}),
 * unless nothing was emitted yet: then the stream begins anew. If the remote gives nothing to tell versions by, a break after the
 * first chunk is a {@link BrokenStreamException} ({@code TRANSIENT}). {@link ContentRangeException}, {@link ContentCodedException} and
 * {@link UnverifiableLengthException} ({@code UNTRUSTED_DATA}) say that what came cannot be believed; other statuses are
 * {@link dev.headrace.http.HttpStatusException}s.
 *
 * <p><b>Cancelling</b> closes the connection, unless the content has been read to its end, and gives all memory back.
 *
 * <p><b>Threads.</b> Chunks come on event loops, or on the thread that asks if bytes are at hand: neither may be blocked.
 *
 * <p><b>Memory.</b> One chunk, twice while a large one grows for the first time, and about 2 MiB in the transport.
 */
public final class ByteStream {

    /** What to read, from where, and how. Changed only between being copied and being wrapped in a new description. */
    static final class Plan {

        final Connector connector;
        final RequestSource source;
        int chunkSize = Defaults.CHUNK_SIZE;
        boolean reuse;
        long from;
        long to = -1;
        boolean unframed;
        int maxRetries = Defaults.MAX_RETRIES;
        Duration retryDelay = Defaults.RETRY_DELAY;
        Duration maxRetryDelay = Defaults.RETRY_MAX_DELAY;

        @Nullable
        Duration gap;

        @Nullable
        MinimumSpeed speed;

        @Nullable
        BandwidthLimit limit;

        @Nullable
        Consumer<? super TransferProgress> listener;

        Plan(Connector connector, RequestSource source) {
            this.connector = connector;
            this.source = source;
        }

        Plan(Plan other) {
            this(other.connector, other.source);
            chunkSize = other.chunkSize;
            reuse = other.reuse;
            from = other.from;
            to = other.to;
            unframed = other.unframed;
            maxRetries = other.maxRetries;
            retryDelay = other.retryDelay;
            maxRetryDelay = other.maxRetryDelay;
            gap = other.gap;
            speed = other.speed;
            limit = other.limit;
            listener = other.listener;
        }
    }

    private static final int LARGEST_CHUNK = 64 * 1024 * 1024;

    private final Plan plan;

    private ByteStream(Plan plan) {
        this.plan = plan;
    }

    /**
     * A stream of what a request answers.
     *
     * @param connector sends the requests, with its credentials and timeouts; its retry policy is not used
     * @param request a GET without {@code Range}, {@code If-Range} and {@code If-Match}; each attempt begins with it, never with where an
     *     earlier one was redirected to
     * @return a description, of all bytes from the first on
     * @throws IllegalArgumentException if the request has another method, or a range or {@code If-Match} of its own
     */
    public static ByteStream from(Connector connector, Request request) {
        return new ByteStream(new Plan(Objects.requireNonNull(connector, "connector"), RequestSource.of(request)));
    }

    /**
     * A stream of what an endpoint's request answers, as it comes: its decoder and pagination are not used.
     *
     * @param connector sends the requests
     * @param endpoint such as {@code connector.endpoint("export")}; its request is a GET
     * @return a description, of all bytes from the first on
     * @throws IllegalArgumentException if its request has another method, or a range or {@code If-Match} of its own
     */
    public static ByteStream from(Connector connector, Endpoint<?> endpoint) {
        return from(connector, endpoint.request());
    }

    /**
     * A stream whose request is made anew for each attempt, because a signed URL does not live as long as a long stream. A 400, 401, 403 or
     * 410 asks for another one, once for each time that one has worked.
     *
     * @param connector sends the requests, with its credentials and timeouts; its retry policy is not used
     * @param requests subscribed to once for each attempt; each must give one GET of the same content
     * @return a description, of all bytes from the first on
     */
    public static ByteStream from(Connector connector, Mono<Request> requests) {
        return new ByteStream(new Plan(Objects.requireNonNull(connector, "connector"), RequestSource.of(requests)));
    }

    /**
     * Sets the size of the chunks.
     *
     * @param bytes 1 to 67,108,864 (64 MiB); default 65,536 (64 KiB)
     * @return a new description
     * @throws IllegalArgumentException if it is anything else
     */
    public ByteStream chunkSize(int bytes) {
        if (bytes < 1 || bytes > LARGEST_CHUNK) {
            throw new IllegalArgumentException("chunkSize must be 1 to " + LARGEST_CHUNK + ", but is " + bytes);
        }
        return with(changed -> changed.chunkSize = bytes);
    }

    /**
     * Begins behind bytes that one has already, in place of any {@link #range}. It does not tell whether those are of the version that
     * the remote has now.
     *
     * <p>Content with exactly so many bytes is an empty stream, shorter content is a {@link ContentRangeException}. Of a remote that serves
     * no ranges all is read, and what comes before is dropped.
     *
     * @param offset place of the first byte to be emitted; default 0
     * @return a new description
     * @throws IllegalArgumentException if it is negative
     */
    public ByteStream startAt(long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("startAt must not be negative, but is " + offset);
        }
        return with(changed -> {
            changed.from = offset;
            changed.to = -1;
        });
    }

    /**
     * Reads a part, in place of any {@link #startAt}. If the content ends within the part, so does the stream, as ranges do in HTTP
     * (RFC 9110 §14.1.2); for the rest it begins as {@link #startAt} says.
     *
     * @param from place of the first byte, 0 or more
     * @param to place behind the last byte
     * @return a new description
     * @throws IllegalArgumentException if {@code from} is negative, or nothing lies between the two
     */
    public ByteStream range(long from, long to) {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException(
                    "range must begin at 0 or later and hold a byte at least, but is " + from + " to " + to);
        }
        return with(changed -> {
            changed.from = from;
            changed.to = to;
        });
    }

    /**
     * Emits all chunks as views of one array: each is valid until {@code onNext} returns, and must not be kept, queued
     * ({@code publishOn}, {@code collectList}, {@code buffer}, {@code cache}) or handed to another thread. It saves the allocation of each
     * chunk, for readers that use the bytes there and then: a digest, a count, a parser that copies.
     *
     * @return a new description
     */
    public ByteStream reuseBuffers() {
        return with(changed -> changed.reuse = true);
    }

    /**
     * Takes content without a length, ended by nothing but the closing of the connection (RFC 9112 §6.3), for complete. By default all that
     * came is emitted, and an {@link UnverifiableLengthException} follows.
     *
     * @return a new description
     */
    public ByteStream allowUnframed() {
        return with(changed -> changed.unframed = true);
    }

    /**
     * Sets the longest silence while more is asked for, for this stream alone. Beyond it the attempt has failed with a
     * {@link dev.headrace.http.ResponseTimeoutException}, and the stream goes on over a new connection.
     *
     * @param gap resolution 1 ms; {@link Duration#ZERO} waits for ever; default the connector's {@code Timeouts.gap}
     * @return a new description
     * @throws IllegalArgumentException if it is negative
     */
    public ByteStream readTimeout(Duration gap) {
        if (gap.isNegative()) {
            throw new IllegalArgumentException("readTimeout must not be negative, but is " + gap);
        }
        return with(changed -> changed.gap = gap);
    }

    /**
     * Gives a connection up that is too slow, which is a failed attempt like any other. The clock runs only while bytes are asked for: a
     * slow reader, or a {@linkplain #rateLimit limit} of our own, is nobody's fault.
     *
     * @param speed the least there must be; default none
     * @return a new description
     */
    public ByteStream minimumSpeed(MinimumSpeed speed) {
        Objects.requireNonNull(speed, "speed");
        return with(changed -> changed.speed = speed);
    }

    /**
     * Limits the bytes per second, together with all other transfers that have the same limit. The limit may be changed while they run.
     *
     * @param limit default none
     * @return a new description
     */
    public ByteStream rateLimit(BandwidthLimit limit) {
        Objects.requireNonNull(limit, "limit");
        return with(changed -> changed.limit = limit);
    }

    /**
     * Sets how many attempts in a row may fail without a single new byte. The first wait is 500 ms, the next ones twice as long up to
     * 30 s, with a jitter of half; a server's {@code Retry-After} is served before that, and one of more than 2 minutes is not waited for.
     * Beginning anew is limited too: at most as often, but once at least.
     *
     * @param maxRetries 0 or more; default 3
     * @return a new description
     * @throws IllegalArgumentException if it is negative
     */
    public ByteStream maxRetries(int maxRetries) {
        if (maxRetries < 0) {
            throw new IllegalArgumentException("maxRetries must not be negative, but is " + maxRetries);
        }
        return with(changed -> changed.maxRetries = maxRetries);
    }

    /**
     * Sets the waits between failed attempts: the first one, and each of the next twice as long as the one before, with a jitter of half.
     *
     * @param first default 500 ms
     * @param longest default 30 s
     * @return a new description
     * @throws IllegalArgumentException if one is negative, or the first is longer than the longest
     */
    public ByteStream retryDelay(Duration first, Duration longest) {
        TransferRetry.check(first, longest);
        return with(changed -> {
            changed.retryDelay = first;
            changed.maxRetryDelay = longest;
        });
    }

    /**
     * Sets who is told how far it is: at each request, at most ten times a second while bytes come, and with
     * {@link TransferProgress#done()} before the stream completes. {@link TransferProgress#bytesDone()} are the bytes emitted, and
     * {@link TransferProgress#totalBytes()} those that the stream will have, both counted from where it begins.
     *
     * <p>The listener is called on the library's threads, which must not be blocked. What it throws is logged and does no harm.
     *
     * @param listener default none
     * @return a new description
     */
    public ByteStream listener(Consumer<? super TransferProgress> listener) {
        Objects.requireNonNull(listener, "listener");
        return with(changed -> changed.listener = listener);
    }

    /**
     * The bytes. Each subscription is a stream of its own.
     *
     * @return read-only chunks. Cancelling closes the connection unless the content has been read to its end
     */
    public Flux<ByteBuffer> bytes() {
        return Flux.defer(() -> new ByteStreamRun(plan).chunks());
    }

    private ByteStream with(Consumer<Plan> change) {
        Plan changed = new Plan(plan);
        change.accept(changed);
        return new ByteStream(changed);
    }

    @Override
    public String toString() {
        String last = plan.to < 0 ? "the end" : "byte " + plan.to;
        return "ByteStream[" + plan.source.describe() + " from byte " + plan.from + " to " + last + "]";
    }
}
