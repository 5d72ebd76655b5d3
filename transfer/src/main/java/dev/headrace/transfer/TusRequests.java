package dev.headrace.transfer;

import dev.headrace.http.Headers;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Redactor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.UriReference;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * The requests of an upload by tus 1.0, and what their answers say. Each has the headers that the user gave for the creation.
 *
 * @param plan what to send, and whereto
 */
record TusRequests(Upload.Plan plan) {

    static final String OFFSET_TYPE = "application/offset+octet-stream";

    private static final String RESUMABLE = "Tus-Resumable";

    /**
     * Creates an upload (Creation).
     *
     * @param length -1 to say it later
     */
    Request creation(long length) {
        Request asked = plan.request.header(RESUMABLE, TusOffer.VERSION);
        asked = length >= 0
                ? asked.header("Upload-Length", Long.toString(length))
                : asked.header("Upload-Defer-Length", "1");
        return plan.metadata.isEmpty() ? asked : asked.header("Upload-Metadata", metadata());
    }

    private String metadata() {
        return plan.metadata.entrySet().stream()
                .map(pair -> pair.getValue().isEmpty()
                        ? pair.getKey()
                        : pair.getKey() + " "
                                + Base64.getEncoder()
                                        .encodeToString(pair.getValue().getBytes(StandardCharsets.UTF_8)))
                .collect(Collectors.joining(","));
    }

    /** Any request about an upload that there is. */
    Request about(String method, URI known) {
        return UploadUrl.request(plan.request.withMethod(method), known).header(RESUMABLE, TusOffer.VERSION);
    }

    /**
     * Sends bytes; without them yet.
     *
     * @param length said now, because the server does not know it; -1 to say nothing
     */
    Request patch(URI known, long from, Optional<String> checksum, long length) {
        Request asked =
                about("PATCH", known).header("Content-Type", OFFSET_TYPE).header("Upload-Offset", Long.toString(from));
        if (checksum.isPresent()) {
            asked = asked.header("Upload-Checksum", checksum.get());
        }
        return length >= 0 ? asked.header("Upload-Length", Long.toString(length)) : asked;
    }

    /** Where a new upload is. Credentials belong to an origin: another one must be allowed. */
    URI location(Request asked, Response response) {
        String said = response.headers()
                .first("Location")
                .orElseThrow(() -> new UploadRefusedException(
                        asked.describe(), "the server created an upload without saying where; no Location came"));
        return resolved(response.uri(), said);
    }

    /** Where an earlier run's upload is: a journal is believed no more than a server. */
    URI known(UploadEntry entry) {
        return resolved(plan.connector.baseUrl(), entry.url());
    }

    private URI resolved(URI base, String location) {
        URI target;
        try {
            target = UriReference.resolve(base, location);
        } catch (IllegalArgumentException e) {
            // Without the cause, which quotes what came.
            throw new UploadRefusedException(plan.request.describe(), "the Location of the upload is no URI");
        }
        OriginPolicy origins = plan.connector.settings().origins();
        boolean follows;
        try {
            follows = origins.follows(plan.connector.baseUrl(), target);
        } catch (IllegalArgumentException e) {
            follows = false;
        }
        if (!follows) {
            throw new UploadRefusedException(
                    plan.request.describe(),
                    "the upload is on another origin, " + UploadUrl.printable(target)
                            + "; allow it with OriginPolicy if the credentials may go there");
        }
        return target;
    }

    /** What an answer that is none means. */
    Mono<Void> failure(Request asked, Response response) {
        if (response.status() == 412) {
            return response.discard()
                    .then(Mono.error(() -> new UploadRefusedException(
                            asked.describe(),
                            "the server does not speak tus " + TusOffer.VERSION
                                    + response.headers()
                                            .first("Tus-Version")
                                            .map(versions -> ", but " + Redactor.text(versions))
                                            .orElse(""))));
        }
        return HttpStatusException.from(asked, response).flatMap(Mono::error);
    }

    static long number(Headers headers, String name) {
        return headers.first(name)
                .map(String::strip)
                .filter(value -> value.matches("\\d{1,18}"))
                .map(Long::parseLong)
                .orElse(-1L);
    }

    /** Which uploads are the same, as it may be written down: secrets in the target tell uploads apart, but as a hash only. */
    String identity() {
        URI base = plan.connector.baseUrl();
        String target = plan.request.against(base).uri().toString();
        String hash = HexFormat.of().formatHex(Digest.sha256Of(target.getBytes(StandardCharsets.UTF_8)));
        return RequestSource.shortened(Redactor.uri(base) + " " + plan.request.describe() + " " + hash);
    }
}
