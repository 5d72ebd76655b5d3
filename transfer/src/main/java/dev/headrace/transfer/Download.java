package dev.headrace.transfer;

import dev.headrace.Defaults;
import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.resilience.BandwidthLimit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
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
        final RequestSource source;

        @Nullable
        Path destination;

        boolean named;

        @Nullable
        String identity;

        @Nullable
        Digest digest;

        boolean announced = true;
        boolean unframed;
        boolean decompress;
        long size = -1;
        ExistingFile existing = ExistingFile.FAIL;
        boolean resume = true;
        ResumePolicy policy = ResumePolicy.RESTART;
        long overlap = DEFAULT_OVERLAP;
        Durability durability = Durability.PROCESS;
        int segments = 1;
        BandwidthLimit limit = BandwidthLimit.unlimited();

        @Nullable
        MinimumSpeed speed;

        ByteBudget budget = ByteBudget.shared();
        int maxRetries = Defaults.MAX_RETRIES;
        Duration retryDelay = Defaults.RETRY_DELAY;
        Duration maxRetryDelay = Defaults.RETRY_MAX_DELAY;
        DiskAccess disk = DiskAccess.REAL;
        Consumer<? super TransferProgress> listener = progress -> {};

        Plan(Connector connector, RequestSource source) {
            this.connector = connector;
            this.source = source;
        }

        Plan(Plan other) {
            this(other.connector, other.source);
            destination = other.destination;
            named = other.named;
            identity = other.identity;
            digest = other.digest;
            announced = other.announced;
            unframed = other.unframed;
            decompress = other.decompress;
            size = other.size;
            existing = other.existing;
            resume = other.resume;
            policy = other.policy;
            overlap = other.overlap;
            durability = other.durability;
            segments = other.segments;
            limit = other.limit;
            speed = other.speed;
            budget = other.budget;
            maxRetries = other.maxRetries;
            retryDelay = other.retryDelay;
            maxRetryDelay = other.maxRetryDelay;
            disk = other.disk;
            listener = other.listener;
        }

        /** Whether another description would put the same file in the same place. How it goes about it does not matter. */
        boolean isSameAs(Plan other) {
            return connector == other.connector
                    && (source.isSameAs(other.source) || identity != null)
                    && named == other.named
                    && Objects.equals(identity, other.identity)
                    && Objects.equals(digest, other.digest)
                    && decompress == other.decompress
                    && size == other.size
                    && existing == other.existing
                    && resume == other.resume;
        }
    }

    private static final long DEFAULT_OVERLAP = 64 * 1024;
    private static final int MOST_SEGMENTS = JournalEntry.MOST_STRETCHES;

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
     * @throws IllegalArgumentException if the request has another method, or a range or {@code If-Match} of its own
     */
    public static Download from(Connector connector, Request request) {
        return new Download(new Plan(Objects.requireNonNull(connector, "connector"), RequestSource.of(request)));
    }

    /**
     * A download whose request is made anew for each attempt, because a signed URL does not live as long as a large transfer. A 400, 401,
     * 403 or 410 asks for another one, once for each time that one has worked. A failure to make one ends the download, unless it may pass
     * ({@link dev.headrace.error.HeadraceException#isTransient()}).
     *
     * @param connector sends the requests, with its credentials and timeouts; its retry policy is not used
     * @param requests subscribed to once for each attempt; each must give one GET of the same content. Give a {@linkplain #identity name}
     *     to the content if more than the signature differs from one URL to the next, or a later run cannot go on with an earlier one
     * @return a description that lacks a {@linkplain #to destination}
     */
    public static Download from(Connector connector, Mono<Request> requests) {
        return new Download(new Plan(Objects.requireNonNull(connector, "connector"), RequestSource.of(requests)));
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
     * Sets the directory of the file and leaves its name to the remote: the name is that of {@code Content-Disposition} (RFC 6266), made
     * safe, or else {@code fallback}. It is always one element inside the directory, never hidden, never a device, at most 200 bytes long.
     *
     * @param directory where the file goes; made if it is missing
     * @param fallback a name of its own in this directory, for the part file meanwhile and for the file if the remote gives none
     * @return a new description
     * @throws IllegalArgumentException if the fallback is not one element of a path
     */
    public Download toDirectory(Path directory, String fallback) {
        Path name = Path.of(fallback);
        if (name.getNameCount() != 1
                || name.isAbsolute()
                || fallback.isEmpty()
                || fallback.equals("..")
                || !name.equals(name.normalize())) {
            throw new IllegalArgumentException("Not the name of a file: '" + fallback + "'");
        }
        return to(directory.resolve(name)).with(changed -> changed.named = true);
    }

    /**
     * Names the content. A later run goes on with an earlier one only if both have the same name.
     *
     * @param identity anything without secrets; default the method and URL, without what makes up a signature
     * @return a new description
     */
    public Download identity(String identity) {
        Objects.requireNonNull(identity, "identity");
        return with(changed -> changed.identity = identity);
    }

    /**
     * Sets the digest that the complete file must have. It is computed while writing; bytes of an earlier run are read again, except for
     * CRC-32C, which is put together from what the journal has.
     *
     * <p>Another digest is a {@link DigestMismatchException}. If the bytes came by more than one response, all is loaded once more
     * before that.
     *
     * @param digest the digest; default what the remote announces, see {@link #ignoreAnnouncedDigests}
     * @return a new description
     */
    public Download expect(Digest digest) {
        Objects.requireNonNull(digest, "digest");
        return with(changed -> changed.digest = digest);
    }

    /**
     * Does not check what the remote announces. By default, where no digest is {@linkplain #expect expected}, the file must have the one
     * that the first response announces: {@code Repr-Digest} (RFC 9530), else {@code x-amz-checksum-*}, {@code x-goog-hash},
     * {@code Content-MD5} or {@code Content-Digest}. What cannot be read, or covers less than the file, is ignored.
     *
     * @return a new description
     */
    public Download ignoreAnnouncedDigests() {
        return with(changed -> changed.announced = false);
    }

    /**
     * Takes content without a length, ended by nothing but the closing of the connection (RFC 9112 §6.3), for complete. By default that
     * is an {@link UnverifiableLengthException}, unless a digest or a size is expected.
     *
     * @return a new description
     */
    public Download allowUnframed() {
        return with(changed -> changed.unframed = true);
    }

    /**
     * Stores what comes coded by gzip, although it was not asked for, decompressed. By default that is a {@link ContentCodedException}. Such
     * a file cannot be gone on with: every attempt begins anew. An expected size or digest is that of the decompressed file; announced ones
     * are not checked.
     *
     * @return a new description
     */
    public Download decompress() {
        return with(changed -> changed.decompress = true);
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
     * Sets what may be gone on with where the remote gives no strong validator.
     *
     * @param policy default {@link ResumePolicy#RESTART}
     * @return a new description
     */
    public Download resumePolicy(ResumePolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return with(changed -> changed.policy = policy);
    }

    /**
     * Sets how many of the last bytes on disk are asked for again and compared before anything is put behind them. That finds out what
     * headers do not say: another file behind the same headers, and zeros that a power cut has left.
     *
     * @param bytes default 64 KiB; rounded up so that the request begins at a multiple of 64 KiB. 0 compares nothing
     * @return a new description
     * @throws IllegalArgumentException if it is negative
     */
    public Download overlap(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("overlap must not be negative, but is " + bytes);
        }
        return with(changed -> changed.overlap = bytes);
    }

    /**
     * Sets what the progress survives.
     *
     * @param durability default {@link Durability#PROCESS}
     * @return a new description
     */
    public Download durability(Durability durability) {
        Objects.requireNonNull(durability, "durability");
        return with(changed -> changed.durability = durability);
    }

    /**
     * Loads by several connections at once, each a range of its own, all bound to one version by {@code If-Match}. It helps where each
     * connection is slow, on long lines or behind a limit per connection; where one connection fills the line it does not.
     *
     * <p>The first request is an ordinary one with {@code Range: bytes=0-}; a remote that does not answer with a range, or has no strong
     * {@code ETag}, is loaded by one connection. So is a file below 2 MiB. When the remote refuses a connection (403, 429, 503, or it
     * resets them) there are fewer, when it refuses long ranges (403) they become shorter, and when it sends all where a part was asked
     * for there is one.
     *
     * @param segments 1 to 32; default 1
     * @return a new description
     * @throws IllegalArgumentException if it is anything else
     */
    public Download segments(int segments) {
        if (segments < 1 || segments > MOST_SEGMENTS) {
            throw new IllegalArgumentException("segments must be 1 to " + MOST_SEGMENTS + ", but is " + segments);
        }
        return with(changed -> changed.segments = segments);
    }

    /**
     * Limits the bytes per second, together with all other transfers that have the same limit. The limit may be changed while they run.
     *
     * @param limit default none
     * @return a new description
     */
    public Download rateLimit(BandwidthLimit limit) {
        Objects.requireNonNull(limit, "limit");
        return with(changed -> changed.limit = limit);
    }

    /**
     * Gives a connection up that is too slow, which is a failed attempt like any other. The clock runs only while bytes are asked for: a
     * slow disk, or a {@linkplain #rateLimit limit} of our own, is nobody's fault.
     *
     * @param speed the least there must be; default none, and the connector's {@code Timeouts.gap} for silence
     * @return a new description
     */
    public Download minimumSpeed(MinimumSpeed speed) {
        Objects.requireNonNull(speed, "speed");
        return with(changed -> changed.speed = speed);
    }

    /**
     * Sets the memory this transfer shares with others. A connection takes 512 KiB to 2.25 MiB of it while a request is under way, and
     * waits before sending one while there is none left.
     *
     * @param budget default {@link ByteBudget#shared()}
     * @return a new description
     */
    public Download budget(ByteBudget budget) {
        Objects.requireNonNull(budget, "budget");
        return with(changed -> changed.budget = budget);
    }

    /**
     * Sets how many attempts in a row may fail without a single new byte on disk. A server's {@code Retry-After} is served before the
     * {@linkplain #retryDelay wait}, and one of more than 2 minutes is not waited for. Starting over is limited too: at most as often, but once at least.
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
     * Sets the waits between failed attempts: the first one, and each of the next twice as long as the one before, with a jitter of half.
     *
     * @param first default 500 ms
     * @param longest default 30 s
     * @return a new description
     * @throws IllegalArgumentException if one is negative, or the first is longer than the longest
     */
    public Download retryDelay(Duration first, Duration longest) {
        TransferRetry.check(first, longest);
        return with(changed -> {
            changed.retryDelay = first;
            changed.maxRetryDelay = longest;
        });
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
        return ProgressReporter.flux(listener -> run(state -> {
            listener.accept(state);
            plan.listener.accept(state);
        }));
    }

    /**
     * Loads the file.
     *
     * @return what was done, once the file is complete. Cancelling keeps what can be resumed
     */
    public Mono<Downloaded> result() {
        return run(plan.listener);
    }

    /** For tests, which have no full disk. */
    Download disk(DiskAccess disk) {
        return with(changed -> changed.disk = disk);
    }

    private Mono<Downloaded> run(Consumer<? super TransferProgress> listener) {
        Path destination = plan.destination;
        if (destination == null) {
            return Mono.error(new IllegalStateException("A download needs a destination: to(path)"));
        }
        if (plan.existing == ExistingFile.SKIP_IF_DIGEST_MATCHES && plan.digest == null) {
            return Mono.error(new IllegalStateException("SKIP_IF_DIGEST_MATCHES needs a digest: expect(digest)"));
        }
        return RunningDownloads.run(plan, destination, listener);
    }

    private Download with(Consumer<Plan> change) {
        Plan changed = new Plan(plan);
        change.accept(changed);
        return new Download(changed);
    }

    @Override
    public String toString() {
        return "Download[" + plan.source.describe() + " to " + plan.destination + "]";
    }
}
