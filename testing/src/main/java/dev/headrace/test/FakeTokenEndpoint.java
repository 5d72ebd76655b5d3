package dev.headrace.test;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The token endpoint of an OAuth 2.0 authorization server (RFC 6749), and the guard of an API that takes its tokens.
 *
 * <pre>{@code
 * FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing().client("id", "secret").rotating("r1");
 * try (TestServer server = TestServer.builder()
 *         .route("/token", tokens)
 *         .route("/issues", tokens.guarding(FakeApi.linkHeader(FakeApi.issues(250))))
 *         .start()) {
 *     …
 *     assertThat(tokens.requests()).isEqualTo(1);
 * }
 * }</pre>
 *
 * <p>Access tokens are {@code a1}, {@code a2} and so on. Settings return a changed copy that counts from the beginning; a copy must be put in
 * one place only, for its tokens are its own.
 */
public final class FakeTokenEndpoint implements Route {

    private final @Nullable String clientId;
    private final String clientSecret;
    private final @Nullable String firstRefreshToken;
    private final boolean rotating;
    private final String expiresIn;
    private final Faults<Answer> faults;

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private int issued;
    private int revoked;
    private int rotations;

    private FakeTokenEndpoint(
            @Nullable String clientId,
            String clientSecret,
            @Nullable String firstRefreshToken,
            boolean rotating,
            String expiresIn,
            Faults<Answer> faults) {
        this.clientId = clientId;
        this.clientSecret = clientSecret;
        this.firstRefreshToken = firstRefreshToken;
        this.rotating = rotating;
        this.expiresIn = expiresIn;
        this.faults = faults;
    }

    /**
     * An endpoint that gives tokens of an hour to any client, with any refresh token.
     *
     * @return no faults
     */
    public static FakeTokenEndpoint issuing() {
        return new FakeTokenEndpoint(null, "", null, false, "3600", Faults.none());
    }

    /**
     * Knows one client only, by user and password or by parameters; others get {@code invalid_client}.
     *
     * @param id its identifier
     * @param secret its secret
     * @return a changed copy
     */
    public FakeTokenEndpoint client(String id, String secret) {
        return new FakeTokenEndpoint(id, secret, firstRefreshToken, rotating, expiresIn, faults.restarted());
    }

    /**
     * Takes one refresh token only, as often as it is presented; others get {@code invalid_grant}.
     *
     * @param token the refresh token
     * @return a changed copy
     */
    public FakeTokenEndpoint refreshToken(String token) {
        return new FakeTokenEndpoint(clientId, clientSecret, token, false, expiresIn, faults.restarted());
    }

    /**
     * Takes each refresh token once and gives another with each access token; one used twice gets {@code invalid_grant}. The later ones are the
     * first with a number: {@code r1}, {@code r1-2}, {@code r1-3}.
     *
     * @param first the first refresh token
     * @return a changed copy
     */
    public FakeTokenEndpoint rotating(String first) {
        return new FakeTokenEndpoint(clientId, clientSecret, first, true, expiresIn, faults.restarted());
    }

    /**
     * What it says of the tokens' life. It does not hold to it: they are good until {@link #revoke()}.
     *
     * @param json for example {@code 1800} or {@code "1800"} in quotes; default 3600
     * @return a changed copy
     */
    public FakeTokenEndpoint expiresIn(String json) {
        return new FakeTokenEndpoint(clientId, clientSecret, firstRefreshToken, rotating, json, faults.restarted());
    }

    /**
     * Says nothing of the tokens' life.
     *
     * @return a changed copy
     */
    public FakeTokenEndpoint withoutExpiresIn() {
        return expiresIn("");
    }

    /**
     * Answers with a status and an error code (RFC 6749 §5.2) instead of a token.
     *
     * @param status for example 503
     * @param error for example {@code temporarily_unavailable}
     * @return when to do so
     */
    public Fault<FakeTokenEndpoint> failing(int status, String error) {
        return fault(answer -> refuse(answer, status, error));
    }

    /**
     * Answers 200 with another body: malformed JSON, an HTML error page.
     *
     * @param contentType the media type claimed
     * @param body sent as UTF-8
     * @return when to do so
     */
    public Fault<FakeTokenEndpoint> answering(String contentType, String body) {
        return fault(answer -> {
            answer.fail(200, body);
            answer.headers.set("Content-Type", contentType);
        });
    }

    /**
     * Closes the connection without an answer, with a FIN.
     *
     * @return when to do so
     */
    public Fault<FakeTokenEndpoint> dropping() {
        return fault(answer -> {
            answer.fail(200, "");
            answer.dropped = true;
        });
    }

    /**
     * Waits before answering; what is decided is decided before.
     *
     * @param delay how long, to the millisecond
     * @return when to do so
     */
    public Fault<FakeTokenEndpoint> delaying(Duration delay) {
        return fault(answer -> answer.delay = delay);
    }

    /**
     * An API that answers 401 to requests without a good token of this endpoint.
     *
     * @param api answers the others
     * @return the guarded API
     */
    public Route guarding(Route api) {
        return (request, response) -> {
            if (isGood(request.requestHeaders().get("Authorization", ""))) {
                return api.handle(request, response);
            }
            Answer answer = new Answer();
            answer.fail(401, "{\"message\":\"Unauthorized\"}");
            answer.headers
                    .set("Content-Type", "application/json")
                    .set("WWW-Authenticate", "Bearer error=\"invalid_token\"");
            return answer.sendTo(request, response);
        };
    }

    /** Ends all access tokens given out so far, whatever was said of their life. */
    public synchronized void revoke() {
        revoked = issued;
    }

    /**
     * How many requests for a token have arrived.
     *
     * @return refused ones included
     */
    public int requests() {
        return requests.get();
    }

    /**
     * How many access tokens have been given out.
     *
     * @return the number in the last one
     */
    public synchronized int issued() {
        return issued;
    }

    /**
     * The most requests for a token that were being answered at one time.
     *
     * @return 1 for a client that never asks twice at once
     */
    public int mostAtOnce() {
        return mostAtOnce.get();
    }

    @Override
    public Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        int number = requests.incrementAndGet();
        mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        return request.receive()
                .aggregate()
                .asString(StandardCharsets.UTF_8)
                .defaultIfEmpty("")
                .flatMap(body -> {
                    Answer answer = new Answer();
                    faults.spoil(answer, request, number);
                    if (!answer.failed) {
                        fill(answer, request, new Parameters(request.uri(), body));
                    }
                    return answer.sendTo(request, response);
                })
                .doFinally(end -> atOnce.decrementAndGet());
    }

    private synchronized void fill(Answer answer, HttpServerRequest request, Parameters parameters) {
        if (!request.method().equals(HttpMethod.POST)) {
            refuse(answer, 405, "invalid_request");
        } else if (clientId != null && !isClient(request, parameters)) {
            refuse(answer, 401, "invalid_client");
        } else {
            switch (parameters.get("grant_type").orElse("")) {
                case "client_credentials" -> grant(answer, "");
                case "refresh_token" ->
                    refresh(answer, parameters.get("refresh_token").orElse(""));
                default -> refuse(answer, 400, "unsupported_grant_type");
            }
        }
    }

    private void refresh(Answer answer, String presented) {
        if (firstRefreshToken != null && !presented.equals(currentRefreshToken(firstRefreshToken))) {
            refuse(answer, 400, "invalid_grant");
        } else if (firstRefreshToken != null && rotating) {
            rotations++;
            grant(answer, ",\"refresh_token\":\"" + currentRefreshToken(firstRefreshToken) + "\"");
        } else {
            grant(answer, "");
        }
    }

    private String currentRefreshToken(String first) {
        return rotations == 0 ? first : first + "-" + (rotations + 1);
    }

    private void grant(Answer answer, String extra) {
        issued++;
        answer.headers.set("Content-Type", "application/json").set("Cache-Control", "no-store");
        answer.body = Content.text("{\"access_token\":\"a" + issued + "\",\"token_type\":\"Bearer\""
                + (expiresIn.isEmpty() ? "" : ",\"expires_in\":" + expiresIn) + extra + "}");
    }

    private static void refuse(Answer answer, int status, String error) {
        answer.fail(status, "{\"error\":\"" + error + "\",\"error_description\":\"as the test wants it\"}");
        answer.headers.set("Content-Type", "application/json");
    }

    private boolean isClient(HttpServerRequest request, Parameters parameters) {
        String credentials = request.requestHeaders().get("Authorization", "");
        if (!credentials.startsWith("Basic ")) {
            return parameters.get("client_id").filter(id -> id.equals(clientId)).isPresent()
                    && parameters.get("client_secret").orElse("").equals(clientSecret);
        }
        String pair = new String(Base64.getDecoder().decode(credentials.substring(6)), StandardCharsets.UTF_8);
        List<String> decoded = Stream.of(pair.split(":", 2))
                .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                .toList();
        return decoded.equals(List.of(String.valueOf(clientId), clientSecret));
    }

    private synchronized boolean isGood(String authorization) {
        if (!authorization.matches("Bearer a\\d{1,9}")) {
            return false;
        }
        int number = Integer.parseInt(authorization.substring("Bearer a".length()));
        return number > revoked && number <= issued;
    }

    private Fault<FakeTokenEndpoint> fault(Consumer<Answer> effect) {
        return Fault.of((occasion, extra) -> new FakeTokenEndpoint(
                clientId, clientSecret, firstRefreshToken, rotating, expiresIn, faults.with(occasion, extra, effect)));
    }

    /** The parameters of a form and of a query. */
    private record Parameters(Map<String, List<String>> query, Map<String, List<String>> form) {

        Parameters(String uri, String body) {
            this(new QueryStringDecoder(uri).parameters(), new QueryStringDecoder(body, false).parameters());
        }

        Optional<String> get(String name) {
            return Stream.of(form, query)
                    .flatMap(parameters -> parameters.getOrDefault(name, List.of()).stream())
                    .findFirst();
        }
    }
}
