package dev.headrace.transfer;

import dev.headrace.connector.Connector;
import dev.headrace.http.ExchangeOptions;
import dev.headrace.http.Redactor;
import dev.headrace.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Where the request of each attempt comes from: what the user gave, or what the user makes anew each time because a signed URL does not
 * live as long as a transfer.
 *
 * @param requests one for each subscription
 * @param fixed the one there is; null if the next one may be another
 */
record RequestSource(Mono<Request> requests, @Nullable Request fixed) {

    private static final int LONGEST_IDENTITY = 1024;
    private static final int LONGEST_PRINTED = 256;

    static RequestSource of(Request request) {
        Request ours = forTransfer(request);
        return new RequestSource(Mono.just(ours), ours);
    }

    static RequestSource of(Mono<Request> requests) {
        return new RequestSource(
                requests.map(RequestSource::forTransfer)
                        .switchIfEmpty(Mono.error(() -> new IllegalStateException("No request came for a transfer"))),
                null);
    }

    boolean isRenewable() {
        return fixed == null;
    }

    /** Whether both ask for the same, as far as that can be told. */
    boolean isSameAs(RequestSource other) {
        if (fixed == null || other.fixed == null) {
            return requests == other.requests;
        }
        return fixed.uri().equals(other.fixed.uri()) && fixed.headers().equals(other.fixed.headers());
    }

    String describe() {
        return fixed == null ? "a request made anew each time" : fixed.describe();
    }

    private static Request forTransfer(Request request) {
        if (!request.method().equals("GET")) {
            throw new IllegalArgumentException("Bytes are transferred by a GET, not by a " + request.method());
        }
        for (String ours : new String[] {"Range", "If-Range", "If-Match"}) {
            if (request.headers().contains(ours)) {
                throw new IllegalArgumentException("A transfer asks for ranges by itself; leave " + ours + " out");
            }
        }
        return request.options(options ->
                options.profile(ExchangeOptions.Profile.TRANSFER).retry(false).decompress(false));
    }

    /**
     * What is asked for, as it may be printed, without what a signed URL has anew each time. A journal with another one speaks of another
     * content, for tags are unique for one URL only (RFC 9110 §8.8.3).
     */
    static String identity(Connector connector, Request request) {
        String[] described = request.describe().split("\\?", 2);
        String query = described.length < 2 ? "" : SignedUrl.withoutSignature(described[1]);
        // Where a request names its origin itself, another connector may go on with it.
        String base = request.uri().isAbsolute() ? "" : Redactor.uri(connector.baseUrl()) + " ";
        return shortened(base + described[0] + "?" + query);
    }

    static String shortened(String identity) {
        byte[] bytes = identity.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= LONGEST_IDENTITY
                ? identity
                : HexFormat.of().formatHex(Digest.sha256Of(bytes)) + " " + identity.substring(0, LONGEST_PRINTED);
    }
}
