package dev.headrace.test;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A server of resumable uploads by tus 1.0, which keeps what it gets in memory: the core protocol with the extensions creation,
 * creation-with-upload, creation-defer-length, termination, checksum and expiration.
 *
 * <pre>{@code
 * FakeTusServer tus = FakeTusServer.create().cuttingPatch(400_000).onRequest(1).once();
 * try (TestServer server = tus.start()) {
 *     …
 *     assertThat(tus.onlyUpload().bytes()).isEqualTo(content);
 * }
 * }</pre>
 *
 * <p>A {@code POST} to any path creates an upload below that path; other requests are about one. As a good server does, it stores what has
 * come of a request that breaks, and a newer request about an upload ends the older one.
 *
 * <p>Settings and faults return a changed copy, without the uploads and with all counts at the beginning. A fault strikes requests of one
 * method, and its {@link Fault#onRequest} counts those only.
 */
public final class FakeTusServer implements Route {

    private static final List<String> ALL_EXTENSIONS = List.of(
            "creation", "creation-with-upload", "creation-defer-length", "termination", "checksum", "expiration");
    private static final String OFFSET_TYPE = "application/offset+octet-stream";

    /** What the server offers. */
    private record Offer(List<String> extensions, List<String> algorithms, long maxSize) {}

    private final Offer offer;
    private final Faults<TusAnswer> faults;
    private final List<TusUpload> uploads = new ArrayList<>();
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();

    private FakeTusServer(Offer offer, Faults<TusAnswer> faults) {
        this.offer = offer;
        this.faults = faults;
    }

    /**
     * A well-behaved server that offers all extensions, with the checksum algorithms {@code sha1} and {@code sha256}.
     *
     * @return without uploads
     */
    public static FakeTusServer create() {
        return new FakeTusServer(new Offer(ALL_EXTENSIONS, List.of("sha1", "sha256"), -1), Faults.none());
    }

    /**
     * Offers these extensions only. What is not offered is refused, except for creation.
     *
     * @param names such as {@code creation}
     * @return a changed copy
     */
    public FakeTusServer extensions(String... names) {
        return new FakeTusServer(new Offer(List.of(names), offer.algorithms(), offer.maxSize()), faults.restarted());
    }

    /**
     * Offers these checksum algorithms only.
     *
     * @param names such as {@code md5}
     * @return a changed copy
     */
    public FakeTusServer checksums(String... names) {
        return new FakeTusServer(new Offer(offer.extensions(), List.of(names), offer.maxSize()), faults.restarted());
    }

    /**
     * Announces the longest upload it takes, and answers 413 to longer ones.
     *
     * @param bytes the most
     * @return a changed copy
     */
    public FakeTusServer maxSize(long bytes) {
        return new FakeTusServer(new Offer(offer.extensions(), offer.algorithms(), bytes), faults.restarted());
    }

    /**
     * All uploads created so far, in that order; ended ones included.
     *
     * @return live views
     */
    public List<TusUpload> uploads() {
        synchronized (uploads) {
            return List.copyOf(uploads);
        }
    }

    /**
     * The one upload that there is.
     *
     * @return a live view
     * @throws AssertionError if there is none, or more than one
     */
    public TusUpload onlyUpload() {
        List<TusUpload> all = uploads();
        if (all.size() != 1) {
            throw new AssertionError("there are " + all.size() + " uploads");
        }
        return all.get(0);
    }

    /**
     * Closes the connection after some bytes of a PATCH, and keeps them.
     *
     * @param bytes of this request
     * @return when to do so
     */
    public Fault<FakeTusServer> cuttingPatch(long bytes) {
        return on(HttpMethod.PATCH, answer -> answer.cutAfter = bytes);
    }

    /**
     * Closes the connection after some bytes of a PATCH, and keeps none.
     *
     * @param bytes of this request
     * @return when to do so
     */
    public Fault<FakeTusServer> losingPatch(long bytes) {
        return on(HttpMethod.PATCH, answer -> {
            answer.cutAfter = bytes;
            answer.stores = false;
        });
    }

    /**
     * Reads no more after some bytes of a PATCH, and keeps the connection open. It reads on if the client leaves.
     *
     * @param bytes of this request
     * @return when to do so
     */
    public Fault<FakeTusServer> stallingPatch(long bytes) {
        return on(HttpMethod.PATCH, answer -> answer.stallAfter = bytes);
    }

    /**
     * Keeps what a PATCH brings, and closes the connection instead of answering.
     *
     * @return when to do so
     */
    public Fault<FakeTusServer> losingPatchResponse() {
        return on(HttpMethod.PATCH, answer -> answer.dropped = true);
    }

    /**
     * Creates an upload, and closes the connection instead of saying so.
     *
     * @return when to do so
     */
    public Fault<FakeTusServer> losingCreationResponse() {
        return on(HttpMethod.POST, answer -> answer.dropped = true);
    }

    /**
     * Answers a PATCH with a status before reading its body, such as 409, 412, 423 or 503, and keeps none of it.
     *
     * @param status the status
     * @return when to do so
     */
    public Fault<FakeTusServer> failingPatch(int status) {
        return on(HttpMethod.PATCH, answer -> answer.fail(status, "status " + status));
    }

    /**
     * Answers a HEAD with a status, such as 423 or 503.
     *
     * @param status the status
     * @return when to do so
     */
    public Fault<FakeTusServer> failingHead(int status) {
        return on(HttpMethod.HEAD, answer -> answer.fail(status, ""));
    }

    /**
     * Answers a POST with a status and creates nothing.
     *
     * @param status the status
     * @return when to do so
     */
    public Fault<FakeTusServer> failingCreation(int status) {
        return on(HttpMethod.POST, answer -> answer.fail(status, "status " + status));
    }

    /**
     * Answers OPTIONS with a status and says nothing about itself.
     *
     * @param status such as 405
     * @return when to do so
     */
    public Fault<FakeTusServer> failingOptions(int status) {
        return on(HttpMethod.OPTIONS, answer -> answer.fail(status, "status " + status));
    }

    /**
     * Takes the bytes of a PATCH for damaged, whatever its checksum says: answers 460 and keeps none.
     *
     * @return when to do so
     */
    public Fault<FakeTusServer> mismatchingPatch() {
        return on(HttpMethod.PATCH, answer -> answer.mismatches = true);
    }

    /**
     * Ends an upload for good when a HEAD asks for it.
     *
     * @param status what that and all later requests are answered, such as 404 or 410
     * @return when to do so
     */
    public Fault<FakeTusServer> expiringOnHead(int status) {
        return on(HttpMethod.HEAD, answer -> answer.expires = status);
    }

    /**
     * Ends an upload for good when a PATCH comes.
     *
     * @param status what that and all later requests are answered, such as 404 or 410
     * @return when to do so
     */
    public Fault<FakeTusServer> expiringOnPatch(int status) {
        return on(HttpMethod.PATCH, answer -> answer.expires = status);
    }

    /**
     * Claims another offset in the answer to a HEAD.
     *
     * @param offset more or less than there is
     * @return when to do so
     */
    public Fault<FakeTusServer> claimingOffset(long offset) {
        return on(HttpMethod.HEAD, answer -> answer.overriding.set("Upload-Offset", offset));
    }

    /**
     * Claims another offset in the answer to a PATCH.
     *
     * @param offset more or less than there is
     * @return when to do so
     */
    public Fault<FakeTusServer> claimingPatchOffset(long offset) {
        return on(HttpMethod.PATCH, answer -> answer.overriding.set("Upload-Offset", offset));
    }

    /**
     * Claims another length in the answer to a HEAD.
     *
     * @param length other than was said at the creation
     * @return when to do so
     */
    public Fault<FakeTusServer> claimingLength(long length) {
        return on(HttpMethod.HEAD, answer -> answer.overriding.set("Upload-Length", length));
    }

    /**
     * Gives another URL for a new upload, such as one on another server.
     *
     * @param prefix put before the path of the upload, {@code /uploads/1}
     * @return when to do so
     */
    public Fault<FakeTusServer> locatingBelow(String prefix) {
        return on(HttpMethod.POST, answer -> answer.prefix = prefix);
    }

    /**
     * Creates an upload without saying where.
     *
     * @return when to do so
     */
    public Fault<FakeTusServer> hidingLocation() {
        return on(HttpMethod.POST, answer -> answer.hidesLocation = true);
    }

    /**
     * Takes the bytes of a PATCH slowly, in steps of 64 KiB.
     *
     * @param bytesPerSecond at least 1
     * @return when to do so
     */
    public Fault<FakeTusServer> throttlingPatch(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("throttlingPatch must be at least 1 byte a second: " + bytesPerSecond);
        }
        return on(HttpMethod.PATCH, answer -> answer.bytesPerSecond = bytesPerSecond);
    }

    @Override
    public Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        TusAnswer answer = new TusAnswer();
        int number = requests.computeIfAbsent(request.method().name(), name -> new AtomicInteger())
                .incrementAndGet();
        faults.spoil(answer, request, number);
        answer.headers.set("Tus-Resumable", "1.0.0");
        if (answer.failed) {
            return answer.sendTo(request, response);
        }
        if (request.method().equals(HttpMethod.OPTIONS)) {
            options(answer);
            return answer.sendTo(request, response);
        }
        if (!"1.0.0".equals(request.requestHeaders().get("Tus-Resumable"))) {
            answer.fail(412, "");
            answer.headers.set("Tus-Version", "1.0.0");
            return answer.sendTo(request, response);
        }
        if (request.method().equals(HttpMethod.POST)) {
            return create(request, response, answer);
        }
        Optional<TusUpload> upload = uploads().stream()
                .filter(known -> request.uri().endsWith(known.path()))
                .findFirst();
        if (upload.isEmpty() || upload.get().gone() != 0) {
            answer.fail(upload.map(TusUpload::gone).orElse(404), "");
            return answer.sendTo(request, response);
        }
        if (answer.expires != 0) {
            upload.get().end(answer.expires);
            answer.fail(answer.expires, "");
            return answer.sendTo(request, response);
        }
        answer.writer = upload.get().takeOver();
        return about(upload.get(), request, response, answer);
    }

    private Publisher<Void> about(
            TusUpload upload, HttpServerRequest request, HttpServerResponse response, TusAnswer answer) {
        switch (request.method().name()) {
            case "HEAD" -> {
                answer.headers.set("Cache-Control", "no-store").set("Upload-Offset", upload.offset());
                if (upload.length() >= 0) {
                    answer.headers.set("Upload-Length", upload.length());
                } else {
                    answer.headers.set("Upload-Defer-Length", "1");
                }
            }
            case "DELETE" -> {
                if (offers("termination")) {
                    upload.end(404);
                    answer.status = 204;
                } else {
                    answer.fail(405, "");
                }
            }
            case "PATCH" -> {
                return append(upload, request, response, answer);
            }
            default -> answer.fail(405, "");
        }
        return answer.sendTo(request, response);
    }

    private void options(TusAnswer answer) {
        answer.status = 204;
        answer.headers.set("Tus-Version", "1.0.0").set("Tus-Extension", String.join(",", offer.extensions()));
        if (offers("checksum")) {
            answer.headers.set("Tus-Checksum-Algorithm", String.join(",", offer.algorithms()));
        }
        if (offer.maxSize() >= 0) {
            answer.headers.set("Tus-Max-Size", offer.maxSize());
        }
    }

    private Publisher<Void> create(HttpServerRequest request, HttpServerResponse response, TusAnswer answer) {
        HttpHeaders asked = request.requestHeaders();
        boolean deferred = "1".equals(asked.get("Upload-Defer-Length")) && offers("creation-defer-length");
        long length = number(asked, "Upload-Length");
        if (length < 0 && !deferred) {
            answer.fail(400, "no length");
            return answer.sendTo(request, response);
        }
        if (offer.maxSize() >= 0 && length > offer.maxSize()) {
            answer.fail(413, "too long");
            return answer.sendTo(request, response);
        }
        TusUpload upload;
        synchronized (uploads) {
            String path = "/uploads/" + (uploads.size() + 1);
            upload = new TusUpload(path, length, asked.get("Upload-Metadata", ""));
            uploads.add(upload);
        }
        answer.status = 201;
        if (!answer.hidesLocation) {
            String here = request.fullPath();
            answer.headers.set(
                    "Location",
                    (answer.prefix != null ? answer.prefix : here.endsWith("/") ? here.replaceAll("/+$", "") : here)
                            + upload.path());
        }
        if (OFFSET_TYPE.equals(asked.get("Content-Type")) && offers("creation-with-upload")) {
            return body(request, upload, answer).then(Mono.defer(() -> {
                answer.headers.set("Upload-Offset", upload.offset());
                return answer.sendTo(request, response);
            }));
        }
        return request.receive().then(answer.sendTo(request, response));
    }

    private Publisher<Void> append(
            TusUpload upload, HttpServerRequest request, HttpServerResponse response, TusAnswer answer) {
        HttpHeaders asked = request.requestHeaders();
        if (!OFFSET_TYPE.equals(asked.get("Content-Type"))) {
            answer.fail(415, "");
            return answer.sendTo(request, response);
        }
        if (number(asked, "Upload-Offset") != upload.offset()) {
            answer.fail(409, "");
            return answer.sendTo(request, response);
        }
        if (asked.contains("Upload-Length")) {
            upload.declare(number(asked, "Upload-Length"));
        }
        String checksum = asked.get("Upload-Checksum");
        if (checksum != null || answer.mismatches) {
            return checked(upload, request, response, answer, checksum);
        }
        return body(request, upload, answer).then(Mono.defer(() -> appended(upload, request, response, answer)));
    }

    /** What has a checksum is kept only if that is right (tus 1.0, Checksum). */
    private Mono<Void> checked(
            TusUpload upload,
            HttpServerRequest request,
            HttpServerResponse response,
            TusAnswer answer,
            @Nullable String checksum) {
        return request.receive()
                .aggregate()
                .asByteArray()
                .defaultIfEmpty(new byte[0])
                .flatMap(bytes -> {
                    if (answer.mismatches || checksum == null || !TusAnswer.fits(bytes, checksum)) {
                        answer.status = 460;
                        return answer.sendTo(request, response);
                    }
                    upload.append(answer.writer, bytes);
                    return appended(upload, request, response, answer);
                });
    }

    private static Mono<Void> appended(
            TusUpload upload, HttpServerRequest request, HttpServerResponse response, TusAnswer answer) {
        answer.status = 204;
        answer.headers.set("Upload-Offset", upload.offset());
        return answer.sendTo(request, response);
    }

    /** Reads and keeps the body; completes at its end, or never where the answer says so. */
    private static Mono<Void> body(HttpServerRequest request, TusUpload upload, TusAnswer answer) {
        Channel channel = Wire.channel(request::withConnection);
        long cut = answer.cutAfter;
        long stall = answer.stallAfter;
        answer.cutAfter = Long.MAX_VALUE;
        answer.stallAfter = Long.MAX_VALUE;
        long[] seen = {0};
        // Copied on the event loop: a buffer is gone once it was handed on.
        return request.receive()
                .asByteArray()
                .concatMap(
                        bytes -> {
                            seen[0] += keep(bytes, upload, answer, Math.min(cut, stall) - seen[0]);
                            if (seen[0] >= stall) {
                                return Mono.never();
                            }
                            if (seen[0] >= cut) {
                                return Wire.close(channel).then(Mono.never());
                            }
                            return answer.pause(seen[0]);
                        },
                        1)
                .then();
    }

    private static int keep(byte[] bytes, TusUpload upload, TusAnswer answer, long most) {
        byte[] part = Arrays.copyOf(bytes, (int) Math.min(bytes.length, Math.max(0, most)));
        if (answer.stores) {
            upload.append(answer.writer, part);
        }
        return part.length;
    }

    private boolean offers(String extension) {
        return offer.extensions().contains(extension);
    }

    private static long number(HttpHeaders headers, String name) {
        String value = headers.get(name, "");
        return value.matches("\\d{1,18}") ? Long.parseLong(value) : -1;
    }

    private Fault<FakeTusServer> on(HttpMethod method, Consumer<TusAnswer> effect) {
        Predicate<HttpServerRequest> isMethod = request -> request.method().equals(method);
        return Fault.of((occasion, extra) -> new FakeTusServer(offer, faults.with(occasion, extra, effect)))
                .when(isMethod);
    }
}
