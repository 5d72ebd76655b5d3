package dev.headrace.auth;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Exchange;
import dev.headrace.http.Secret;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One party for whom tokens are kept: its access token, and the refresh token that gets the next one.
 *
 * <p>A server may give a new refresh token with each access token and refuse the old one from then on (RFC 6749 §6). So the new one is kept
 * the moment it comes, before anybody else may fail. It is then handed to whoever persists it, and only when that is done is the access
 * token used: a process that dies in between has lost a call, not its authorization. If it cannot be handed on, the calls that wait fail,
 * and the next renewal hands it on again before it asks for anything.
 *
 * <p>The fields change within a renewal only, and the cache runs one at a time.
 */
final class Tenant {

    private record Undelivered(Secret refreshToken, Token token) {}

    private final Object key;
    private final OAuth2Settings settings;
    private final TokenEndpoint endpoint;
    private final TokenCache cache;

    /** What the user gave when asked last; a change means that the user knows better than the server's last word. */
    private volatile @Nullable Secret given;

    private volatile @Nullable Secret current;
    private volatile @Nullable Undelivered undelivered;

    Tenant(Object key, OAuth2Settings settings, TokenEndpoint endpoint) {
        this.key = key;
        this.settings = settings;
        this.endpoint = endpoint;
        this.cache = new TokenCache(key == OAuth2Settings.ONLY ? initial(settings) : null);
    }

    private static @Nullable Token initial(OAuth2Settings settings) {
        Secret value = settings.initialToken;
        if (value == null) {
            return null;
        }
        Duration left = Duration.between(TokenAnswer.now(), settings.initialExpiry);
        return left.isNegative() ? null : new Token(value, Token.now(), left, settings.renewBefore);
    }

    Mono<Token> token(Exchange exchange) {
        return cache.get(Mono.defer(() -> renew(exchange)));
    }

    /** The token at hand if it need not be renewed. */
    @Nullable
    Token fresh() {
        return cache.fresh();
    }

    void invalidate(Token refused) {
        cache.invalidate(refused);
    }

    /** Whether it would be lost with this: a renewal under way, or a refresh token that nobody else has. */
    boolean isDispensable() {
        return !cache.isRenewing()
                && undelivered == null
                && (settings.onNewRefreshToken != null || Objects.equals(current, given));
    }

    private Mono<Token> renew(Exchange exchange) {
        Undelivered left = undelivered;
        if (left == null) {
            return ask(exchange);
        }
        return deliver(left).then(Mono.defer(() -> left.token().isFresh() ? Mono.just(left.token()) : ask(exchange)));
    }

    private Mono<Token> ask(Exchange exchange) {
        return client().flatMap(client -> endpoint.ask(exchange, client, refreshToken(client)))
                .flatMap(grant -> keep(grant));
    }

    private Mono<OAuth2Client> client() {
        return Mono.defer(() -> settings.clients.apply(key))
                .switchIfEmpty(Mono.error(() ->
                        failure(FailureKind.CONFIGURATION, "no access token, for there is no client to ask", null)))
                .timeout(
                        settings.timeout,
                        Mono.error(() -> failure(
                                FailureKind.TRANSIENT,
                                "no access token, for the client's credentials did not come within "
                                        + settings.timeout.toMillis() + " ms",
                                null)))
                .onErrorMap(
                        failure -> !(failure instanceof TokenException),
                        failure -> failure(
                                failure instanceof HeadraceException known ? known.kind() : FailureKind.CONFIGURATION,
                                "no access token, for the client's credentials could not be had",
                                failure));
    }

    private @Nullable Secret refreshToken(OAuth2Client client) {
        if (!settings.refreshing) {
            return null;
        }
        Secret asked = client.refreshToken();
        if (asked == null) {
            throw failure(FailureKind.CONFIGURATION, "no access token, for the client has no refresh token", null);
        }
        if (!Objects.equals(asked, given)) {
            given = asked;
            current = asked;
        }
        return current;
    }

    private Mono<Token> keep(TokenGrant grant) {
        Secret successor = grant.refreshToken();
        if (!settings.refreshing || successor == null || Objects.equals(successor, current)) {
            return Mono.just(grant.token());
        }
        current = successor;
        if (settings.onNewRefreshToken == null) {
            return Mono.just(grant.token());
        }
        Undelivered fresh = new Undelivered(successor, grant.token());
        undelivered = fresh;
        return deliver(fresh).thenReturn(grant.token());
    }

    private Mono<Void> deliver(Undelivered fresh) {
        return Mono.defer(
                        () -> Objects.requireNonNull(settings.onNewRefreshToken).apply(key, fresh.refreshToken()))
                .timeout(settings.timeout)
                .onErrorMap(failure -> failure(
                        FailureKind.LOCAL,
                        "an access token and a new refresh token came, but onNewRefreshToken failed with "
                                + failure.getClass().getSimpleName()
                                + "; both are kept in memory, and the next call tries again",
                        failure))
                .then(Mono.fromRunnable(() -> undelivered = null));
    }

    private TokenException failure(FailureKind kind, String message, @Nullable Throwable cause) {
        return new TokenException(kind, endpoint.bare(), message, cause);
    }
}
