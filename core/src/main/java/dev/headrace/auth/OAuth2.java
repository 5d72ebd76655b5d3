package dev.headrace.auth;

import dev.headrace.error.FailureKind;
import dev.headrace.http.Exchange;
import dev.headrace.http.Headers;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Redactor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import dev.headrace.http.Verdict;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Access tokens of OAuth 2.0 (RFC 6749), asked for when they are needed and renewed before they end.
 *
 * <p>However many calls need a token at once, one request asks for it and all wait for that; it goes over the connector's own transport,
 * without retries of its own and without anything of a caller's Reactor context. A caller that leaves does not end it. When it fails, the
 * calls that wait fail with a {@link TokenException}, and the next call asks again; one that may pass is {@link FailureKind#TRANSIENT}, so
 * the calls' own retry policy covers it.
 *
 * <p>A response with status 401, or with the verdict {@link Verdict.RenewCredentials}, ends the token it was sent with, and no other: if the
 * token has been renewed meanwhile, that one stays. The response gets the verdict {@link Verdict.CredentialsRenewed}, upon which the retry
 * policy sends the request once more, with a new token. A 403 is an answer like any other.
 *
 * <p>Immutable; every change gives a new value <em>with tokens of its own</em>. Whoever shares a value shares its tokens: connectors, their
 * variants, patterns of requests. So make one for each authorization, and keep it.
 */
public final class OAuth2 implements Auth {

    private static final Logger LOG = LoggerFactory.getLogger(OAuth2.class);

    private static final Set<String> NAMES =
            Set.of("grant_type", "client_id", "client_secret", "refresh_token", "scope", "access_token", "expires_in");

    private final OAuth2Settings settings;
    private final Tenants tenants;

    private OAuth2(OAuth2Settings settings) {
        this.settings = settings;
        this.tenants = new Tenants(settings);
    }

    /**
     * Tokens for the application itself (RFC 6749 §4.4).
     *
     * @param tokenUrl the token endpoint, absolute; https, or http for a server at hand
     * @param clientId the client's identifier
     * @param clientSecret the client's secret
     * @return the credentials
     * @throws IllegalArgumentException if the URL is none, or has a fragment or userinfo
     */
    public static OAuth2 clientCredentials(String tokenUrl, String clientId, Secret clientSecret) {
        return clientCredentials(tokenUrl, Mono.just(OAuth2Client.of(clientId, clientSecret)));
    }

    /**
     * Tokens for the application itself (RFC 6749 §4.4), with the client from a source such as a vault.
     *
     * @param tokenUrl as for {@link #clientCredentials(String, String, Secret)}
     * @param client subscribed to for every token
     * @return the credentials
     * @throws IllegalArgumentException as for {@link #clientCredentials(String, String, Secret)}
     */
    public static OAuth2 clientCredentials(String tokenUrl, Mono<OAuth2Client> client) {
        return over(tokenUrl, false, client);
    }

    /**
     * Tokens for the application itself (RFC 6749 §4.4), for several tenants that each have a client of their own: to be followed by
     * {@link #keyedBy}, without which every call fails.
     *
     * @param tokenUrl as for {@link #clientCredentials(String, String, Secret)}
     * @return the credentials, without a client
     * @throws IllegalArgumentException as for {@link #clientCredentials(String, String, Secret)}
     */
    public static OAuth2 clientCredentials(String tokenUrl) {
        return clientCredentials(tokenUrl, Mono.empty());
    }

    /**
     * Tokens for somebody who has authorized the application, by the refresh token that came of it (RFC 6749 §6).
     *
     * @param tokenUrl as for {@link #clientCredentials(String, String, Secret)}
     * @param clientId the client's identifier
     * @param clientSecret the client's secret
     * @param refreshToken the refresh token; when the server replaces it, see {@link #onNewRefreshToken(Function)}
     * @return the credentials
     * @throws IllegalArgumentException as for {@link #clientCredentials(String, String, Secret)}
     */
    public static OAuth2 refreshToken(String tokenUrl, String clientId, Secret clientSecret, Secret refreshToken) {
        return refreshToken(tokenUrl, OAuth2Client.of(clientId, clientSecret).with(refreshToken));
    }

    /**
     * Tokens for somebody who has authorized the application (RFC 6749 §6), also for a {@linkplain OAuth2Client#withoutSecret public} client.
     *
     * @param tokenUrl as for {@link #clientCredentials(String, String, Secret)}
     * @param client the client, with a refresh token
     * @return the credentials
     * @throws IllegalArgumentException as for {@link #clientCredentials(String, String, Secret)}, or if there is no refresh token
     */
    public static OAuth2 refreshToken(String tokenUrl, OAuth2Client client) {
        if (client.refreshToken() == null) {
            throw new IllegalArgumentException(
                    "The client " + client.id() + " has no refresh token; give it one by with(…)");
        }
        return refreshToken(tokenUrl, Mono.just(client));
    }

    /**
     * Tokens for somebody who has authorized the application (RFC 6749 §6), with client and refresh token from a source such as a vault.
     *
     * @param tokenUrl as for {@link #clientCredentials(String, String, Secret)}
     * @param client subscribed to for every token. A refresh token that the server has given since is used in place of the one given here,
     *     until the source gives another than it did
     * @return the credentials
     * @throws IllegalArgumentException as for {@link #clientCredentials(String, String, Secret)}
     */
    public static OAuth2 refreshToken(String tokenUrl, Mono<OAuth2Client> client) {
        return over(tokenUrl, true, client);
    }

    /**
     * Tokens for those who have authorized the application (RFC 6749 §6), for several tenants that each have a refresh token of their own:
     * to be followed by {@link #keyedBy}, without which every call fails.
     *
     * @param tokenUrl as for {@link #clientCredentials(String, String, Secret)}
     * @return the credentials, without a client
     * @throws IllegalArgumentException as for {@link #clientCredentials(String, String, Secret)}
     */
    public static OAuth2 refreshToken(String tokenUrl) {
        return refreshToken(tokenUrl, Mono.empty());
    }

    private static OAuth2 over(String tokenUrl, boolean refreshing, Mono<OAuth2Client> client) {
        Objects.requireNonNull(client, "client");
        return new OAuth2(new OAuth2Settings(checkUrl(tokenUrl), refreshing, tenant -> client));
    }

    /**
     * Asks for a scope (RFC 6749 §3.3).
     *
     * @param scopes the scopes; default none, so the server decides
     * @return a new value
     */
    public OAuth2 scope(String... scopes) {
        return parameter(settings.name("scope"), String.join(" ", scopes));
    }

    /**
     * Adds a parameter to the requests for tokens, such as {@code audience}; it wins over one that is there anyway.
     *
     * @param name the parameter's name
     * @param value its value
     * @return a new value
     */
    public OAuth2 parameter(String name, String value) {
        Objects.requireNonNull(value, "value");
        return with(copy -> copy.parameters.put(Objects.requireNonNull(name, "name"), value));
    }

    /**
     * Adds a secret parameter to the requests for tokens.
     *
     * @param name the parameter's name
     * @param value its value
     * @return a new value
     */
    public OAuth2 parameter(String name, Secret value) {
        Objects.requireNonNull(value, "value");
        return with(copy -> copy.parameters.put(Objects.requireNonNull(name, "name"), value));
    }

    /**
     * Sets a header of the requests for tokens.
     *
     * @param name the header's name
     * @param value its value
     * @return a new value
     */
    public OAuth2 tokenRequestHeader(String name, String value) {
        return with(copy -> copy.headers = copy.headers.with(name, value));
    }

    /**
     * Sends the client's id and secret as parameters (RFC 6749 §2.3.1), for servers that do not take them as user and password. The default is
     * user and password; a client without a secret always says its id as a parameter.
     *
     * @return a new value
     */
    public OAuth2 clientInBody() {
        return with(copy -> copy.clientInBody = true);
    }

    /**
     * Sends all parameters in the query of the token URL, for servers that look only there. RFC 6749 §2.3.1 forbids it, for URLs end up in
     * logs; in ours they are masked.
     *
     * @return a new value
     */
    public OAuth2 parametersInQuery() {
        return with(copy -> copy.parametersInQuery = true);
    }

    /**
     * Says what this server calls a field of the standard, in requests and in answers.
     *
     * @param standard one of {@code grant_type}, {@code client_id}, {@code client_secret}, {@code refresh_token}, {@code scope},
     *     {@code access_token}, {@code expires_in}
     * @param name its name here; for a field of the answer also a JSON pointer (RFC 6901), such as {@code /data/token}
     * @return a new value
     */
    public OAuth2 rename(String standard, String name) {
        if (!NAMES.contains(standard)) {
            throw new IllegalArgumentException("rename(…) knows " + NAMES + ", not '" + standard + "'");
        }
        return with(copy -> {
            Object scope = standard.equals("scope") ? copy.parameters.remove(copy.name("scope")) : null;
            copy.names.put(standard, Objects.requireNonNull(name, "name"));
            if (scope != null) {
                copy.parameters.put(name, scope);
            }
        });
    }

    /**
     * The life of a token whose server does not say.
     *
     * @param lifetime more than zero; default 1 h
     * @return a new value
     */
    public OAuth2 lifetime(Duration lifetime) {
        return with(copy -> copy.lifetime = positive("lifetime", lifetime));
    }

    /**
     * Reads {@code expires_in} as the moment at which the token ends instead of the seconds until then: a date and time of ISO 8601, in UTC
     * unless it says otherwise, or seconds or milliseconds since 1970. It is measured against this machine's clock.
     *
     * @return a new value
     */
    public OAuth2 expiryIsDate() {
        return with(copy -> copy.expiryIsDate = true);
    }

    /**
     * Begins with a token at hand; not for {@linkplain #keyedBy tenants}.
     *
     * @param token the token
     * @param expiry when it ends
     * @return a new value
     */
    public OAuth2 initialToken(Secret token, Instant expiry) {
        return with(copy -> {
            copy.initialToken = Objects.requireNonNull(token, "token");
            copy.initialExpiry = Objects.requireNonNull(expiry, "expiry");
        });
    }

    /**
     * How long before its end a token is renewed. Calls wait for the renewal; if it fails in a way that may pass, they go on with the old token
     * while it lives.
     *
     * @param early zero or more; default 30 s; never more than a quarter of a token's life
     * @return a new value
     */
    public OAuth2 renewBefore(Duration early) {
        if (early.isNegative()) {
            throw new IllegalArgumentException("renewBefore must not be negative, but is " + early);
        }
        return with(copy -> copy.renewBefore = early);
    }

    /**
     * Longest time for one request for a token, and for each of your own publishers that take part: the client's source and
     * {@link #onNewRefreshToken(Function)}. The connector's own timeouts hold as well.
     *
     * @param timeout more than zero; default 30 s
     * @return a new value
     */
    public OAuth2 timeout(Duration timeout) {
        return with(copy -> copy.timeout = positive("timeout", timeout));
    }

    /**
     * Says where the token goes on requests. Default {@code Authorization: Bearer …}.
     *
     * @param name the header's name
     * @param prefix what comes before the token and a space; empty for nothing
     * @return a new value
     */
    public OAuth2 header(String name, String prefix) {
        // Fails here for what could not be a header.
        var unused = Headers.of(name, prefix);
        return with(copy -> {
            copy.header = name;
            copy.prefix = prefix;
        });
    }

    /**
     * Hands on each refresh token that replaces the one before, so that it can be kept where the next run finds it.
     *
     * <p>The access token that came with it is used when the handler has completed. If it fails, the calls that wait fail with a
     * {@link TokenException} of kind {@link FailureKind#LOCAL}; nothing is lost, for both tokens stay in memory and the next call hands the
     * refresh token on again, before anything is asked for. Without a handler a new refresh token is known to this value only. The handler
     * runs in an empty Reactor context, must not block, and must not send anything that these credentials are put on: that would wait for
     * itself.
     *
     * @param handler completes when the token is safe
     * @return a new value
     */
    public OAuth2 onNewRefreshToken(Function<? super Secret, Mono<Void>> handler) {
        Objects.requireNonNull(handler, "handler");
        return onNewRefreshToken((tenant, token) -> handler.apply(token));
    }

    /**
     * As {@link #onNewRefreshToken(Function)}, for several {@linkplain #keyedBy tenants}.
     *
     * @param handler gets the tenant's key as well; completes when the token is safe
     * @return a new value
     */
    public OAuth2 onNewRefreshToken(BiFunction<Object, ? super Secret, Mono<Void>> handler) {
        Objects.requireNonNull(handler, "handler");
        return with(copy -> copy.onNewRefreshToken = handler::apply);
    }

    /**
     * Keeps tokens for several tenants apart, each with its own client. The 1,000 used last are kept, and beyond that only those that are in
     * use or have a refresh token that nobody else has.
     *
     * @param key finds the tenant in the Reactor context of a call; a value with {@code equals} and {@code hashCode}. If it throws, the call
     *     ends with a {@link CredentialsException}
     * @param clients gives a tenant's client and, where tokens come by it, its refresh token; subscribed to for every token
     * @return a new value
     */
    public OAuth2 keyedBy(Function<ContextView, ?> key, Function<Object, Mono<OAuth2Client>> clients) {
        Objects.requireNonNull(key, "key");
        return with(copy -> {
            copy.key = key::apply;
            copy.clients = Objects.requireNonNull(clients, "clients");
        });
    }

    /**
     * Signs with the token at hand. Without one it errors, for only {@link #intercept} has something to ask for one with.
     *
     * @param request what is about to be sent
     * @return the request with the token
     */
    @Override
    public Mono<Request> sign(Request request) {
        return Mono.deferContextual(context -> {
            Tenant tenant = tenants.known(tenantOf(request, context));
            Token token = tenant == null ? null : tenant.fresh();
            return token == null
                    ? Mono.error(new CredentialsException(
                            request,
                            "not sent, for there is no access token; let intercept(request, next) ask for one",
                            null))
                    : Mono.just(signed(request, token));
        });
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        Exchange unsigned = AllAuth.unsigned(next);
        return Mono.deferContextual(context -> {
            Object key = tenantOf(request, context);
            return Mono.using(
                    () -> tenants.enter(key),
                    tenant -> tenant.token(unsigned)
                            .flatMap(token -> next.exchange(signed(request, token))
                                    .map(response ->
                                            isRefused(response) ? renewing(tenant, token, response) : response)),
                    tenants::leave);
        });
    }

    private Object tenantOf(Request request, ContextView context) {
        try {
            return Objects.requireNonNull(settings.key.apply(context), "no tenant");
        } catch (RuntimeException e) {
            throw new CredentialsException(
                    request, "not sent, for keyedBy(…) found no tenant in the Reactor context of the call", e);
        }
    }

    private Request signed(Request request, Token token) {
        String value = token.value().reveal();
        return request.header(
                settings.header, Secret.of(settings.prefix.isEmpty() ? value : settings.prefix + " " + value));
    }

    private static boolean isRefused(Response response) {
        Verdict verdict = response.verdict().orElse(null);
        return verdict == null
                ? response.status() == 401
                // Renewed already: other credentials on the same request were; which of them was refused, nobody knows.
                : verdict instanceof Verdict.RenewCredentials || verdict instanceof Verdict.CredentialsRenewed;
    }

    private static Response renewing(Tenant tenant, Token refused, Response response) {
        LOG.debug("Access token refused: {}", response);
        tenant.invalidate(refused);
        return response.withVerdict(new Verdict.CredentialsRenewed());
    }

    private OAuth2 with(Consumer<OAuth2Settings> change) {
        OAuth2Settings copy = new OAuth2Settings(settings);
        change.accept(copy);
        return new OAuth2(copy);
    }

    private static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be more than zero, but is " + value);
        }
        return value;
    }

    private static URI checkUrl(String tokenUrl) {
        URI url;
        try {
            url = new URI(tokenUrl);
        } catch (URISyntaxException e) {
            // Not its message: that repeats the whole URL.
            throw new IllegalArgumentException("Not a URL: " + Redactor.uri(tokenUrl) + " (" + e.getReason() + ")");
        }
        String origin = OriginPolicy.originOf(url);
        if (url.getRawFragment() != null || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "A token URL has no fragment or userinfo (RFC 6749 §3.2): " + Redactor.uri(url));
        }
        if (origin.startsWith("http:") && !isLoopback(url.getHost())) {
            LOG.warn("Secrets and tokens go to {} without TLS; use https", Redactor.uri(url));
        }
        return url;
    }

    private static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equals("[::1]")
                || name.matches("127(\\.\\d{1,3}){3}");
    }

    @Override
    public String toString() {
        return "OAuth2[" + Redactor.uri(settings.tokenUrl) + ", "
                + (settings.refreshing ? "refresh token" : "client credentials") + "]";
    }
}
