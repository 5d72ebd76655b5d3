package dev.headrace.http;

import dev.headrace.error.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The remote answered with a status that is not a success. Its kind is {@link FailureKind#TRANSIENT} for statuses that may pass
 * (408, 413, 425, 429 and 5xx but 501 and 505), {@link FailureKind#CONFIGURATION} for what the user must change (401, 403, 404, 407,
 * 410, and redirects that were not followed), and {@link FailureKind#PERMANENT} for the rest. A {@link Verdict} on the response wins over its
 * status.
 */
public final class HttpStatusException extends HttpException {

    private static final long serialVersionUID = 1L;

    private final transient int status;
    private final transient Headers headers;
    private final transient byte[] body;
    private final transient @Nullable Instant retryAt;

    private HttpStatusException(Request request, Response response, byte[] body) {
        super(kindOf(response), request, "status " + response.status() + adviceFor(response), null);
        this.status = response.status();
        this.headers = response.headers();
        this.body = body;
        this.retryAt = waitOf(response)
                .map(wait -> Instant.ofEpochMilli(Schedulers.parallel().now(TimeUnit.MILLISECONDS))
                        .plus(wait))
                .orElse(null);
    }

    /**
     * Makes the failure from a response and reads the head of its body.
     *
     * @param request what was sent; the response knows which attempt it answers
     * @param response what came; its body is read up to 64 KiB
     * @return the failure as a value
     */
    public static Mono<HttpStatusException> from(Request request, Response response) {
        return response.buffered()
                .flatMap(copy -> copy.readAll(Integer.MAX_VALUE))
                .map(body -> new HttpStatusException(
                        request.attempt(response.request().attempt()), response, body));
    }

    /**
     * The status code.
     *
     * @return 300 to 599, or a success code that the caller could not use
     */
    public int status() {
        return status;
    }

    /**
     * The response's headers.
     *
     * @return as they came
     */
    public Headers headers() {
        return headers;
    }

    /**
     * The first 64 KiB of the response's body, as UTF-8. It may hold whatever the remote put there.
     *
     * @return the text; empty if there was no body
     */
    public String body() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * When the remote may be asked again: as it says by {@code Retry-After}, or as the verdict on its answer says.
     *
     * @return the moment by this machine's clock, counted from when the answer came; empty if it does not say
     */
    @Override
    public Optional<Instant> retryAt() {
        return Optional.ofNullable(retryAt);
    }

    private static Optional<Duration> waitOf(Response response) {
        return response.verdict().flatMap(Verdict::asksToWait).or(() -> RetryAfter.from(response.headers()));
    }

    private static FailureKind kindOf(Response response) {
        return response.verdict().flatMap(HttpStatusException::kindOf).orElseGet(() -> kindOf(response.status()));
    }

    private static Optional<FailureKind> kindOf(Verdict verdict) {
        if (verdict instanceof Verdict.Fail fail) {
            return Optional.of(fail.kind());
        }
        if (verdict instanceof Verdict.Accept) {
            return Optional.empty();
        }
        boolean mayPass = verdict instanceof Verdict.Retry || verdict instanceof Verdict.RateLimited;
        return Optional.of(mayPass ? FailureKind.TRANSIENT : FailureKind.CONFIGURATION);
    }

    private static FailureKind kindOf(int status) {
        return switch (status) {
            case 408, 413, 425, 429 -> FailureKind.TRANSIENT;
            case 401, 403, 404, 407, 410 -> FailureKind.CONFIGURATION;
            case 501, 505 -> FailureKind.PERMANENT;
            default ->
                status >= 500
                        ? FailureKind.TRANSIENT
                        : status >= 300 && status < 400 ? FailureKind.CONFIGURATION : FailureKind.PERMANENT;
        };
    }

    private static String adviceFor(Response response) {
        if (response.verdict().orElse(null) instanceof Verdict.Fail fail) {
            return ": " + fail.reason();
        }
        return switch (response.status()) {
            case 401, 407 -> "; check the credentials";
            case 403 -> "; check what the credentials permit";
            case 404, 410 -> "; check the path";
            case 429 -> "; slow down" + retryAfter(response);
            case 503 -> retryAfter(response);
            default ->
                response.status() >= 300 && response.status() < 400
                        ? response.headers()
                                .first("Location")
                                .map(target -> "; not followed to " + Redactor.uri(target))
                                .orElse("")
                        : "";
        };
    }

    private static String retryAfter(Response response) {
        return response.headers()
                .first("Retry-After")
                .map(wait -> "; it says Retry-After: " + wait)
                .orElse("");
    }
}
