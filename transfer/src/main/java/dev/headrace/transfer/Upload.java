package dev.headrace.transfer;

import dev.headrace.Defaults;
import dev.headrace.connector.Connector;
import dev.headrace.http.ExchangeOptions;
import dev.headrace.http.Request;
import dev.headrace.resilience.BandwidthLimit;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A file, or a publisher of bytes, to be sent: by <a href="https://tus.io/protocols/resumable-upload">tus 1.0</a> through broken lines and
 * killed processes, or plainly as the body of one request. Immutable; every change gives a new value.
 *
 * <pre>{@code
 * Flux<TransferProgress> progress = Upload.from(storage, Request.post("/files"))
 *         .source(Path.of("disk.iso"))
 *         .tus()
 *         .progress();          // kill the process; call again; it goes on where it was
 *
 * Mono<Uploaded> done = Upload.from(storage, Request.put("/files/{name}", "disk.iso"))
 *         .source(Path.of("disk.iso"))
 *         .result();            // one request, begun anew if it breaks
 * }</pre>
 *
 * <p><b>tus.</b> {@code OPTIONS} asks what the server offers (a refusal is taken for the core protocol with creation), {@code POST} creates
 * the upload (<i>Creation</i>), {@code PATCH} sends everything that is missing in one request, unless {@link #chunkSize} says otherwise
 * (<i>Core Protocol</i>). A source of at most 1 MiB goes along with the {@code POST} if the server offers that (<i>Creation With Upload</i>):
 * a larger one would be lost with the answer that says where it is. After everything but a clean answer, a broken connection, a timeout, a
 * 409, 423 or 460, {@code HEAD} asks how much the server has, and the next {@code PATCH} goes on from there. When a {@code HEAD} is answered
 * 403, 404 or 410, the upload has been deleted or is past its {@code Upload-Expires} (<i>Expiration</i>), and a new one is created. An answer
 * to a {@code POST} that was lost may leave an upload behind that nobody knows; another one is created.
 *
 * <p><b>The journal</b> of an upload by tus is written before the first {@code PATCH}: its URL, what the source was, and every 8 MiB a checksum
 * of all that was sent. The next run with the same request and source goes on with it. It is readable by its owner only where the file system
 * knows owners, for it holds the URL, which may be all that is needed to write to the upload; messages do not show the last segment of its path
 * either. A symbolic link in place of the journal is not followed. It is removed when the upload is complete.
 *
 * <p><b>The source</b> must stay as it is. Size, modification time and inode of a file are looked at before each request, before the last
 * bytes of each request, and when a later run goes on; that one also compares the checksum of what was sent. Any difference is a
 * {@link SourceChangedException}, before the upload could be complete.
 *
 * <p><b>Laziness.</b> {@link #result()} and {@link #terminate()} begin when they are subscribed to, {@link #progress()} with the first demand.
 * Each subscription is an upload of its own.
 *
 * <p><b>Progress.</b> {@link TransferProgress#bytesDone()} counts bytes as they are handed to the connection, which is up to 1 MiB and what the
 * system buffers ahead of what has arrived. When the server says how much it has, it falls back to that.
 *
 * <p><b>Errors.</b> A broken connection, a timeout or a status that may pass is tried again ({@link #maxRetries}), a lock for longer
 * ({@link #lockPatience}); the last error is signalled when that is used up. A plain upload begins anew then, and only if that is safe: its
 * method is {@code PUT}, it has an {@code Idempotency-Key}, or surely nothing was sent. {@link DiskException}, {@link SourceChangedException} and
 * {@link UploadBusyException} ({@code LOCAL}), {@link UploadRefusedException} ({@code CONFIGURATION}) and {@link UploadOffsetException}
 * ({@code UNTRUSTED_DATA}) are never tried again; other statuses are {@link dev.headrace.http.HttpStatusException}s. The journal is kept
 * whenever there is an upload to go on with.
 *
 * <p><b>Timeouts.</b> A connection that takes no more of a body for four times the connector's gap timeout, two minutes by default, has stalled
 * and is given up. The clock does not run while it waits for the source, or for {@link #rateLimit}. A slow one must take half a MiB in that time.
 *
 * <p><b>Cancelling</b> closes the connection, the source and the journal. What the server has stays there, and can be gone on with;
 * {@link #terminate()} deletes it.
 *
 * <p><b>Credentials</b> belong to an origin. An upload URL on another origin than the connector's is an {@link UploadRefusedException} unless
 * its {@link dev.headrace.http.OriginPolicy} allows it, and gets them only if it is trusted.
 *
 * <p><b>Threads.</b> Files are touched only by the library's own daemon threads {@code headrace-disk-N}. Signals come from them or from event
 * loops: neither may be blocked.
 *
 * <p><b>Memory.</b> About 1.3 MiB for each upload. Up to four buffers of a publisher are held at a time: if they are large, these come on top.
 */
public final class Upload {

    /** What to send, whereto, and how. Changed only between being copied and being wrapped in a new description. */
    static final class Plan {

        final Connector connector;
        final Request request;

        @Nullable
        Path file;

        @Nullable
        Supplier<? extends Publisher<ByteBuffer>> content;

        long length = -1;
        boolean tus;
        boolean journaled = true;

        @Nullable
        Path journal;

        @Nullable
        BandwidthLimit limit;

        Map<String, String> metadata = Map.of();
        long chunkSize = Long.MAX_VALUE;
        boolean resume = true;
        int maxRetries = Defaults.MAX_RETRIES;
        Duration lockPatience = Duration.ofMinutes(5);
        Duration retryDelay = Defaults.RETRY_DELAY;
        Duration maxRetryDelay = Defaults.RETRY_MAX_DELAY;
        DiskAccess disk = DiskAccess.REAL;
        Consumer<? super TransferProgress> listener = progress -> {};

        Plan(Connector connector, Request request) {
            this.connector = connector;
            this.request = request;
        }

        Plan(Plan other) {
            this(other.connector, other.request);
            file = other.file;
            content = other.content;
            length = other.length;
            tus = other.tus;
            journaled = other.journaled;
            journal = other.journal;
            limit = other.limit;
            metadata = other.metadata;
            chunkSize = other.chunkSize;
            resume = other.resume;
            maxRetries = other.maxRetries;
            lockPatience = other.lockPatience;
            retryDelay = other.retryDelay;
            maxRetryDelay = other.maxRetryDelay;
            disk = other.disk;
            listener = other.listener;
        }

        /** The source for one run. */
        UploadSource source(DiskWorker worker, Runnable checkpoint) {
            Path path = file;
            Supplier<? extends Publisher<ByteBuffer>> publisher = content;
            if (path != null) {
                return new FileUploadSource(path, disk, worker, checkpoint);
            }
            if (publisher != null) {
                return new PublisherUploadSource(publisher, length, worker, checkpoint);
            }
            throw new IllegalStateException("An upload needs a source: source(path)");
        }

        /** Where the journal is; null to keep it in memory. */
        @Nullable
        Path journalPath() {
            Path path = file;
            return !journaled
                    ? null
                    : journal != null || path == null
                            ? journal
                            : path.resolveSibling(path.getFileName() + ".upload.hr");
        }
    }

    private final Plan plan;

    private Upload(Plan plan) {
        this.plan = plan;
    }

    /**
     * An upload by a request: the one that carries the bytes, or, with {@link #tus()}, the one that creates the upload.
     *
     * @param connector sends the requests, with its credentials and timeouts; its retry policy is not used. Its head timeout begins when a
     *     body has been sent
     * @param request a POST, PUT or PATCH without body. Its headers go along with each request of the upload; a {@code Content-Type} is that of
     *     the plain upload, {@code application/octet-stream} by default
     * @return a description that lacks a {@linkplain #source(Path) source}
     * @throws IllegalArgumentException if the request has another method, or a body
     */
    public static Upload from(Connector connector, Request request) {
        if (!Set.of("POST", "PUT", "PATCH").contains(request.method())) {
            throw new IllegalArgumentException("An upload is a POST, a PUT or a PATCH, not a " + request.method());
        }
        if (request.body().isPresent()) {
            throw new IllegalArgumentException("The body of an upload is its source; leave it out of the request");
        }
        Request transfer = request.options(options ->
                options.profile(ExchangeOptions.Profile.TRANSFER).retry(false).decompress(false));
        return new Upload(new Plan(Objects.requireNonNull(connector, "connector"), transfer));
    }

    /**
     * Sends a file. Its journal is {@code NAME.upload.hr} beside it, unless {@link #journal} or {@link #withoutJournal()} says otherwise.
     *
     * @param file a regular file that stays as it is while it is sent
     * @return a new description
     * @throws IllegalArgumentException if the path has no file name
     */
    public Upload source(Path file) {
        if (file.getFileName() == null || file.getFileName().toString().isEmpty()) {
            throw new IllegalArgumentException("A source needs a file name: " + file);
        }
        return with(changed -> {
            changed.file = file;
            changed.content = null;
        });
    }

    /**
     * Sends a publisher that can be replayed: each subscription gives the same bytes, in whatever pieces. Each request subscribes anew, one
     * subscription at a time, and skips what the server has; so with {@link #chunkSize} the first bytes are produced again for each chunk.
     * Bytes that differ from the first time, or fewer of them, are a {@link SourceChangedException}: within one run any of them, in a later run
     * those before the last checkpoint. A publisher that fails is tried again only if it fails with a transient {@link
     * dev.headrace.error.HeadraceException}, whatever status that has. The buffers must not change after they were emitted.
     *
     * <p>There is no journal on disk unless {@link #journal} names one. It goes with the request alone: name another one for other bytes.
     *
     * @param content cold; asked for one buffer at a time
     * @param length how many bytes it gives; -1 if that is not known. By tus the server must offer <i>creation-defer-length</i> then, or the
     *     upload is an {@link UploadRefusedException}; a plain upload is sent in chunks, without {@code Content-Length}
     * @return a new description
     * @throws IllegalArgumentException if the length is less than -1
     */
    public Upload source(Publisher<ByteBuffer> content, long length) {
        Objects.requireNonNull(content, "content");
        return source(() -> content, length);
    }

    /**
     * Sends what a supplier makes anew for each request; otherwise as {@link #source(Publisher, long)}.
     *
     * @param content called for each request; each publisher gives the same bytes
     * @param length how many bytes that is; -1 if it is not known
     * @return a new description
     * @throws IllegalArgumentException if the length is less than -1
     */
    public Upload source(Supplier<? extends Publisher<ByteBuffer>> content, long length) {
        Objects.requireNonNull(content, "content");
        if (length < -1) {
            throw new IllegalArgumentException("length must be -1 or more, but is " + length);
        }
        return with(changed -> {
            changed.file = null;
            changed.content = content;
            changed.length = length;
        });
    }

    /**
     * Uploads by tus 1.0, so that it can be gone on with.
     *
     * @return a new description
     * @throws IllegalArgumentException if the request is no POST, by which uploads are created
     */
    public Upload tus() {
        if (!plan.request.method().equals("POST")) {
            throw new IllegalArgumentException(
                    "An upload by tus is created by a POST, not by a " + plan.request.method());
        }
        return with(changed -> changed.tus = true);
    }

    /**
     * Says something about the upload in {@code Upload-Metadata} (tus 1.0, Creation), such as {@code filename}. Only for uploads by tus.
     *
     * @param key printable ASCII without spaces and commas; an earlier value is replaced
     * @param value any text; it is sent as the Base64 of its UTF-8
     * @return a new description
     * @throws IllegalArgumentException if the key has other characters
     */
    public Upload metadata(String key, String value) {
        if (!key.matches("[!-+\\--~]+")) {
            throw new IllegalArgumentException(
                    "A key of metadata is ASCII without spaces and commas, not '" + key + "'");
        }
        Objects.requireNonNull(value, "value");
        return with(changed -> {
            Map<String, String> more = new LinkedHashMap<>(changed.metadata);
            more.put(key, value);
            changed.metadata = more;
        });
    }

    /**
     * Sets where the journal of an upload by tus is. Uploads of different sources must not share one.
     *
     * @param file default {@code NAME.upload.hr} beside a file, and none for a publisher. If it cannot be written there, that is a
     *     {@link DiskException} before anything is sent
     * @return a new description
     */
    public Upload journal(Path file) {
        Objects.requireNonNull(file, "file");
        return with(changed -> {
            changed.journal = file;
            changed.journaled = true;
        });
    }

    /**
     * Keeps the journal in memory: one run goes on through broken connections, but a later one begins anew. For files in places that cannot be
     * written to.
     *
     * @return a new description
     */
    public Upload withoutJournal() {
        return with(changed -> changed.journaled = false);
    }

    /**
     * Sets the most bytes of one {@code PATCH}, for servers or proxies that limit the size of a body. Each is sent with an
     * {@code Upload-Checksum} if the server offers {@code sha256}, {@code sha512}, {@code sha1} or {@code md5} (tus 1.0, Checksum), the first of
     * these. As it must be known before the bytes are sent, each chunk is read twice; without a chunk size none is sent, for a request that
     * breaks has none that could be checked.
     *
     * @param bytes 1 or more; default: no limit, everything that is missing goes into one request. Not for plain uploads
     * @return a new description
     * @throws IllegalArgumentException if it is less than 1
     */
    public Upload chunkSize(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("chunkSize must be at least 1, but is " + bytes);
        }
        return with(changed -> changed.chunkSize = bytes);
    }

    /**
     * Sets how fast bytes may be sent, together with all other transfers that are given the same limit. It may be changed while they run.
     *
     * @param limit default none
     * @return a new description
     */
    public Upload rateLimit(BandwidthLimit limit) {
        Objects.requireNonNull(limit, "limit");
        return with(changed -> changed.limit = limit);
    }

    /**
     * Sets whether an upload of an earlier run is gone on with. Within one run a broken upload by tus always goes on.
     *
     * @param resume default true; false creates a new upload and forgets the earlier one, which stays at the server until it expires
     * @return a new description
     */
    public Upload resume(boolean resume) {
        return with(changed -> changed.resume = resume);
    }

    /**
     * Sets how many attempts in a row may fail without the server having a single new byte. The first wait is 500 ms, the next ones twice as
     * long up to 30 s, with a jitter of half; a server's {@code Retry-After} is served before that, and one of more than 2 minutes is not waited
     * for. Beginning anew is limited too: at most as often, but once at least.
     *
     * @param maxRetries 0 or more; default 3
     * @return a new description
     * @throws IllegalArgumentException if it is negative
     */
    public Upload maxRetries(int maxRetries) {
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
    public Upload retryDelay(Duration first, Duration longest) {
        TransferRetry.check(first, longest);
        return with(changed -> {
            changed.retryDelay = first;
            changed.maxRetryDelay = longest;
        });
    }

    /**
     * Sets how long a locked upload is waited for. A server that has not noticed a broken connection yet answers 423 while it waits for the rest
     * of the request, often for minutes; that does not count as a failed attempt. It is asked again with the waits of {@link #maxRetries}.
     *
     * @param patience from the first 423 since the server last had new bytes; default 5 minutes, zero to fail at once
     * @return a new description
     * @throws IllegalArgumentException if it is negative
     */
    public Upload lockPatience(Duration patience) {
        if (patience.isNegative()) {
            throw new IllegalArgumentException("lockPatience must not be negative, but is " + patience);
        }
        return with(changed -> changed.lockPatience = patience);
    }

    /**
     * Sets who is told how far it is, for a display beside {@link #result()}: as often as {@link #progress()} would emit, on the
     * library's threads, which must not be blocked. What it throws is logged and does no harm.
     *
     * @param listener default none
     * @return a new description
     */
    public Upload listener(Consumer<? super TransferProgress> listener) {
        Objects.requireNonNull(listener, "listener");
        return with(changed -> changed.listener = listener);
    }

    /**
     * Sends the bytes and says how far it is: at each change of phase and at most ten times a second while bytes move. The last element is
     * {@linkplain TransferProgress#done() done}; the server has everything then.
     *
     * <p>It begins with the first demand. A subscriber that asks slowly sees the latest state and misses the ones before; the transfer
     * does not wait for it.
     *
     * @return the progress. Cancelling keeps what can be gone on with
     */
    public Flux<TransferProgress> progress() {
        return ProgressReporter.flux(tell -> run(state -> {
            tell.accept(state);
            plan.listener.accept(state);
        }));
    }

    /**
     * Sends the bytes.
     *
     * @return what was done, once the server has everything. Cancelling keeps what can be gone on with
     */
    public Mono<Uploaded> result() {
        return run(plan.listener);
    }

    /**
     * Deletes the unfinished upload of the journal at the server (tus 1.0, Termination), and then the journal. Does nothing if there is none.
     *
     * @return completes when neither is there any more, also if the server had deleted it already (403, 404, 410). Errors, and keeps the
     *     journal, if it refuses with another status, or if the journal is of another request ({@link UploadRefusedException});
     *     {@link #resume(boolean) resume(false)} begins anew all the same
     */
    public Mono<Void> terminate() {
        return plan.tus
                ? TusRun.terminate(plan)
                : Mono.error(new IllegalStateException("Only an upload by tus() can be terminated"));
    }

    /** For tests, which have no broken disk. */
    Upload disk(DiskAccess disk) {
        return with(changed -> changed.disk = disk);
    }

    private Mono<Uploaded> run(Consumer<? super TransferProgress> listener) {
        if (plan.file == null && plan.content == null) {
            return Mono.error(new IllegalStateException("An upload needs a source: source(path)"));
        }
        return plan.tus ? TusRun.of(plan, listener) : PlainUploadRun.of(plan, listener);
    }

    private Upload with(Consumer<Plan> change) {
        Plan changed = new Plan(plan);
        change.accept(changed);
        return new Upload(changed);
    }

    @Override
    public String toString() {
        Path file = plan.file;
        return "Upload[" + (file == null ? "a publisher" : file) + " by " + plan.request.describe()
                + (plan.tus ? ", tus" : "") + "]";
    }
}
