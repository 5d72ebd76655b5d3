package dev.headrace.http;

import dev.headrace.error.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * The remote answered with a status that is not a success, or with a success that was {@linkplain Verdict judged} to be a failure. Its kind is
 * what the verdict says, or else {@link FailureKind#TRANSIENT} for statuses that may pass (408, 413, 425, 429 and 5xx but 501 and 505),
 * {@link FailureKind#CONFIGURATION} for what the user must change (401, 403, 404, 407, 410, and redirects that were not followed), and
 * {@link FailureKind#PERMANENT} for the rest.
 *
 * <p>For those who sort failures by the status: 401 and 403 are about authorization, 400 and 422 about validation, 429 about the rate, 500
 * and above about the server, and what else is 4xx about the client. A network that fails is a {@link TransportException}, a silence a
 * {@link ResponseTimeoutException}, and a body that cannot be read a {@link dev.headrace.json.DecodingException}.
 */
public final class HttpStatusException extends HttpException {

    private static final long serialVersionUID = 1L;

    private final transient int status;
    private final transient Headers headers;
    private final transient byte[] body;
    private final transient @Nullable String serverMessage;
    private final transient @Nullable JsonNode problem;
    private final transient @Nullable Instant retryAt;
    private final transient @Nullable Verdict verdict;

    private HttpStatusException(
            FailureKind kind,
            Request request,
            String message,
            Response response,
            byte[] body,
            @Nullable String serverMessage,
            @Nullable JsonNode problem) {
        super(kind, request, message, null);
        this.status = response.status();
        this.headers = response.headers();
        this.body = body;
        this.serverMessage = serverMessage;
        this.problem = problem;
        this.verdict = response.verdict().orElse(null);
        this.retryAt = response.verdict()
                .flatMap(Verdict::asksToWait)
                .or(() -> RetryAfter.from(response.headers()))
                .map(wait -> Instant.ofEpochMilli(Schedulers.parallel().now(TimeUnit.MILLISECONDS))
                        .plus(wait))
                .orElse(null);
    }

    /**
     * Makes the failure from a response and reads the head of its body.
     *
     * @param request what was sent
     * @param response what came; its body is read up to 64 KiB
     * @return the failure as a value
     */
    public static Mono<HttpStatusException> from(Request request, Response response) {
        return response.buffered()
                .flatMap(copy -> copy.readAll(Integer.MAX_VALUE))
                .map(body -> of(request, response, body));
    }

    private static HttpStatusException of(Request request, Response response, byte[] body) {
        ServerMessage found = ServerMessage.of(response.headers(), body);
        SaidSecrets secrets = new SaidSecrets(response.request());
        // Masked before it is cut: half a secret would not be recognized.
        String words = found.text() == null ? "" : ServerMessage.cut(secrets.masked(found.text()));
        JsonNode problem = Problem.documentIn(response.headers(), body)
                .map(secrets::masked)
                .orElse(null);
        return new HttpStatusException(
                kindOf(response),
                request.withSecretsOf(response.request())
                        .withAttempt(response.request().attempt()),
                "status " + response.status() + explanation(response) + found.told(words),
                response,
                body,
                words.isEmpty() ? null : words,
                problem);
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
     * What the chain made of the answer beyond its status.
     *
     * @return the verdict, if somebody gave one
     */
    public Optional<Verdict> verdict() {
        return Optional.ofNullable(verdict);
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
     * The same body as a tree, for those who know where to look.
     *
     * @return the tree; empty if the body is no JSON, or was larger than 64 KiB
     */
    public Optional<JsonNode> bodyTree() {
        return ServerMessage.tree(body);
    }

    /**
     * What the server says about it, for people to read: found in the usual members of a JSON body ({@code message}, {@code error},
     * {@code errors}, {@code detail}, {@code title} and the like, also within each other; lists are joined by commas), in an element of XML,
     * in the title of an HTML page, or the body itself if it is a short text.
     *
     * @return one line of at most 300 characters, credentials masked; empty if nothing was found
     */
    public Optional<String> serverMessage() {
        return Optional.ofNullable(serverMessage);
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

    /** The RFC 9457 document that the server sent, if it did, with its secrets masked. */
    Optional<JsonNode> problem() {
        return Optional.ofNullable(problem);
    }

    private static FailureKind kindOf(Response response) {
        Verdict verdict = response.verdict().orElseGet(Verdict.Accept::new);
        if (verdict instanceof Verdict.Fail failed) {
            return failed.kind();
        }
        if (verdict instanceof Verdict.Retry || verdict instanceof Verdict.RateLimited) {
            return FailureKind.TRANSIENT;
        }
        return isRefused(verdict) ? FailureKind.CONFIGURATION : kindOf(response.status());
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

    private static boolean isRefused(Verdict verdict) {
        return verdict instanceof Verdict.RenewCredentials || verdict instanceof Verdict.CredentialsRenewed;
    }

    private static String explanation(Response response) {
        Verdict verdict = response.verdict().orElseGet(Verdict.Accept::new);
        String but = response.status() < 300 ? ", but " : "; ";
        if (verdict instanceof Verdict.Fail failed) {
            return but + failed.reason();
        }
        if (isRefused(verdict)) {
            return but + "the credentials were refused; check them";
        }
        if (verdict instanceof Verdict.RateLimited) {
            return but + "it is too much at once; slow down" + retryAfter(response);
        }
        return verdict instanceof Verdict.Retry && response.status() < 300
                ? but + "it is a failure that may pass"
                : adviceFor(response);
    }

    private static String adviceFor(Response response) {
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
                                .map(target -> "; not followed to "
                                        + response.request().redacted(Redactor.uri(target)))
                                .orElse("")
                        : "";
        };
    }

    private static String retryAfter(Response response) {
        return response.headers()
                .first("Retry-After")
                .map(wait -> "; it says Retry-After: " + Redactor.text(wait))
                .orElse("");
    }
}
