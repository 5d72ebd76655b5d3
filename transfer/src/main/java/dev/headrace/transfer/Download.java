package dev.headrace.transfer;

import dev.headrace.Defaults;
import dev.headrace.connector.Connector;
import dev.headrace.http.ExchangeOptions;
import dev.headrace.http.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/**
 * A remote file to be written to disk, through broken lines and killed processes. Immutable; every change gives a new value.
 *
 * <pre>{@code
 * Flux<TransferProgress> progress = Download.from(storage, Request.get("/images/{name}", "disk.iso"))
 *         .to(Path.of("disk.iso"))
 *         .expect(Digest.sha256("9f86d0…"))
 *         .progress();          // kill the process; call again; it goes on where it was
 * }</pre>
 *
 * <p>The bytes go to {@code NAME.part} beside the destination, and a journal to {@code NAME.part.hr}: which version of the content the
 * bytes are ({@code ETag} or {@code Last-Modified}) and how many of them can be relied on. The next attempt, of this run or of a later
 * one, asks for the rest with {@code Range} and {@code If-Range} (RFC 9110 §13.1.5) and goes on only if the answer proves that it is
 * the same version; otherwise it starts over. The file appears under its name, in one step, when its length and, if given, its digest
 * are right and its bytes are on the device; part and journal are gone then.
 *
 * <p><b>Laziness.</b> Nothing happens before subscription and demand. Each subscription is a download of its own.
 *
 * <p><b>Errors.</b> A broken connection, a timeout or a status that may pass is tried again ({@link #maxRetries}); the last error is
 * signalled when that is used up. {@link DiskException}, {@link DestinationBusyException} and {@link DestinationExistsException}
 * ({@code LOCAL}) are never tried again. {@link DigestMismatchException}, {@link SizeMismatchException},
 * {@link ContentChangedException}, {@link ContentRangeException}, {@link ContentCodedException} and
 * {@link UnverifiableLengthException} ({@code UNTRUSTED_DATA}) say that what came cannot be believed; other statuses are
 * {@link dev.headrace.http.HttpStatusException}s. Part and journal are kept whenever a later run can go on with them, and removed if
 * nothing was written or what was written is wrong.
 *
 * <p><b>Cancelling</b> closes the connection, lets the write under way end, brings the journal up to date and releases the
 * destination. No further write begins, and nothing that can be resumed is deleted. A download to the same destination that begins
 * meanwhile waits for that.
 *
 * <p><b>Threads.</b> Files are touched only by the library's own daemon threads {@code headrace-disk-N}, at most as many as
 * processors and at least four. Signals come from them or from event loops: neither may be blocked.
 *
 * <p><b>Memory.</b> About 4 MiB for each download: 2 MiB asked for and not yet written, and as much in the transport.
 *
 * <p><b>Durability.</b> What the journal says survives the death of the process at any moment. It may not survive a power cut, except
 * for the finished file, which is forced to the device before it gets its name.
 */
public final class Download {

    /** What to load, from where, to where, and how. Changed only between being copied and being wrapped in a new description. */
    static final class Plan {

        final Connector connector;
        final Request request;

        @Nullable
        Path destination;

        @Nullable
        Digest digest;

        long size = -1;
        ExistingFile existing = ExistingFile.FAIL;
        boolean resume = true;
        int maxRetries = Defaults.MAX_RETRIES;
        Duration retryDelay = Defaults.RETRY_DELAY;
        DiskAccess disk = DiskAccess.REAL;
        Consumer<? super TransferProgress> listener = progress -> {};

        Plan(Connector connector, Request request) {
            this.connector = connector;
            this.request = request;
        }

        Plan(Plan other) {
            this(other.connector, other.request);
            destination = other.destination;
            digest = other.digest;
            size = other.size;
            existing = other.existing;
            resume = other.resume;
            maxRetries = other.maxRetries;
            retryDelay = other.retryDelay;
            disk = other.disk;
            listener = other.listener;
        }
    }

    private final Plan plan;

    private Download(Plan plan) {
        this.plan = plan;
    }

    /**
     * A download of what a request answers.
     *
     * @param connector sends the requests, with its credentials and timeouts; its retry policy is not used
     * @param request a GET without {@code Range} and {@code If-Range}; each attempt begins with it, never with where an earlier one
     *     was redirected to
     * @return a description that lacks a {@linkplain #to destination}
     * @throws IllegalArgumentException if the request has another method, or asks for a range itself
     */
    public static Download from(Connector connector, Request request) {
        if (!request.method().equals("GET")) {
            throw new IllegalArgumentException("A download is a GET, not a " + request.method());
        }
        if (request.headers().contains("Range") || request.headers().contains("If-Range")) {
            throw new IllegalArgumentException("A download asks for ranges by itself; leave Range and If-Range out");
        }
        Request transfer = request.options(options ->
                options.profile(ExchangeOptions.Profile.TRANSFER).retry(false).decompress(false));
        return new Download(new Plan(Objects.requireNonNull(connector, "connector"), transfer));
    }

    /**
     * Sets the destination. Missing parent directories are created when the download runs.
     *
     * @param destination the file to be; {@code .part} and {@code .part.hr} are appended to its name meanwhile
     * @return a new description
     * @throws IllegalArgumentException if the path has no file name
     */
    public Download to(Path destination) {
        if (destination.getFileName() == null
                || destination.getFileName().toString().isEmpty()) {
            throw new IllegalArgumentException("A destination needs a file name: " + destination);
        }
        return with(changed -> changed.destination = destination);
    }

    /**
     * Sets the digest that the complete file must have. It is computed while writing; bytes of an earlier run are read again.
     *
     * <p>Another digest is a {@link DigestMismatchException}. If the bytes came by more than one response, all is loaded once more
     * before that.
     *
     * @param digest the digest; default none
     * @return a new description
     */
    public Download expect(Digest digest) {
        Objects.requireNonNull(digest, "digest");
        return with(changed -> changed.digest = digest);
    }

    /**
     * Sets the length that the file must have. If the remote says another one, that is a {@link SizeMismatchException} before anything
     * is written.
     *
     * @param bytes 0 or more; default unknown
     * @return a new description
     * @throws IllegalArgumentException if it is negative
     */
    public Download expectSize(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("expectSize must not be negative, but is " + bytes);
        }
        return with(changed -> changed.size = bytes);
    }

    /**
     * Sets what happens if the destination exists, asked before the request and again before the rename.
     *
     * @param existing default {@link ExistingFile#FAIL}
     * @return a new description
     */
    public Download onExisting(ExistingFile existing) {
        Objects.requireNonNull(existing, "existing");
        return with(changed -> changed.existing = existing);
    }

    /**
     * Sets whether bytes of an earlier run are gone on with. Within one run a broken download always goes on.
     *
     * @param resume default true; false begins anew
     * @return a new description
     */
    public Download resume(boolean resume) {
        return with(changed -> changed.resume = resume);
    }

    /**
     * Sets how many attempts in a row may fail without a single new byte on disk. The first wait is 500 ms, the next ones twice as long
     * up to 30 s, with a jitter of half; a server's {@code Retry-After} is served before that, and one of more than 2 minutes is not
     * waited for. Starting over is limited too: at most as often, but once at least.
     *
     * @param maxRetries 0 or more; default 3
     * @return a new description
     * @throws IllegalArgumentException if it is negative
     */
    public Download maxRetries(int maxRetries) {
        if (maxRetries < 0) {
            throw new IllegalArgumentException("maxRetries must not be negative, but is " + maxRetries);
        }
        return with(changed -> changed.maxRetries = maxRetries);
    }

    /**
     * Sets who is told how far it is, for a display beside {@link #result()}: as often as {@link #progress()} would emit, on the
     * library's threads, which must not be blocked. What it throws is logged and does no harm.
     *
     * @param listener default none
     * @return a new description
     */
    public Download listener(Consumer<? super TransferProgress> listener) {
        Objects.requireNonNull(listener, "listener");
        return with(changed -> changed.listener = listener);
    }

    /**
     * Loads the file and says how far it is: at each change of phase and at most ten times a second while bytes come in. The last
     * element is {@linkplain TransferProgress#done() done}; the file is complete then.
     *
     * <p>It begins with the first demand. A subscriber that asks slowly sees the latest state and misses the ones before; the transfer
     * does not wait for it.
     *
     * @return the progress. Cancelling keeps what can be resumed
     */
    public Flux<TransferProgress> progress() {
        return Flux.create(
                sink -> {
                    AtomicBoolean started = new AtomicBoolean();
                    // The transfer runs on its own and the latest state waits for demand: nothing here may hold it up.
                    sink.onRequest(demand -> {
                        if (started.compareAndSet(false, true)) {
                            sink.onDispose(run(state -> {
                                        sink.next(state);
                                        plan.listener.accept(state);
                                    })
                                    .contextWrite(sink.contextView())
                                    .subscribe(result -> {}, sink::error, sink::complete));
                        }
                    });
                },
                FluxSink.OverflowStrategy.LATEST);
    }

    /**
     * Loads the file.
     *
     * @return what was done, once the file is complete. Cancelling keeps what can be resumed
     */
    public Mono<Downloaded> result() {
        return run(plan.listener);
    }

    /** For tests, which cannot wait as long as users do. */
    Download retryDelay(Duration delay) {
        return with(changed -> changed.retryDelay = delay);
    }

    /** For tests, which have no full disk. */
    Download disk(DiskAccess disk) {
        return with(changed -> changed.disk = disk);
    }

    private Mono<Downloaded> run(Consumer<? super TransferProgress> listener) {
        Path destination = plan.destination;
        return destination == null
                ? Mono.error(new IllegalStateException("A download needs a destination: to(path)"))
                : DownloadRun.of(plan, destination, listener);
    }

    private Download with(Consumer<Plan> change) {
        Plan changed = new Plan(plan);
        change.accept(changed);
        return new Download(changed);
    }

    @Override
    public String toString() {
        return "Download[" + plan.request.describe() + " to " + plan.destination + "]";
    }
}
