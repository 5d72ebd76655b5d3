package dev.headrace.auth;

import dev.headrace.Defaults;
import dev.headrace.http.Headers;
import dev.headrace.http.Redactor;
import dev.headrace.http.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** What {@link OAuth2} is made from; written only by it, and never after it has been made. */
final class OAuth2Settings {

    /** The tenant where there is only one. */
    static final Object ONLY = new Object() {
        @Override
        public String toString() {
            return "the only one";
        }
    };

    final URI tokenUrl;
    final boolean refreshing;
    Function<Object, Mono<OAuth2Client>> clients;
    Function<ContextView, Object> key = context -> ONLY;

    final Map<String, Object> parameters = new LinkedHashMap<>();
    final Map<String, String> names = new LinkedHashMap<>();
    Headers headers = Headers.of("Accept", "application/json");
    boolean clientInBody;
    boolean parametersInQuery;
    Duration timeout = Defaults.TOKEN_TIMEOUT;

    Duration lifetime = Defaults.TOKEN_LIFETIME;
    boolean expiryIsDate;
    Duration renewBefore = Defaults.TOKEN_RENEW_BEFORE;

    @Nullable
    Secret initialToken;

    Instant initialExpiry = Instant.EPOCH;

    @Nullable
    BiFunction<Object, Secret, Mono<Void>> onNewRefreshToken;

    String header = "Authorization";
    String prefix = "Bearer";

    OAuth2Settings(URI tokenUrl, boolean refreshing, Function<Object, Mono<OAuth2Client>> clients) {
        this.tokenUrl = tokenUrl;
        this.refreshing = refreshing;
        this.clients = clients;
    }

    OAuth2Settings(OAuth2Settings other) {
        this(other.tokenUrl, other.refreshing, other.clients);
        key = other.key;
        parameters.putAll(other.parameters);
        names.putAll(other.names);
        headers = other.headers;
        clientInBody = other.clientInBody;
        parametersInQuery = other.parametersInQuery;
        timeout = other.timeout;
        lifetime = other.lifetime;
        expiryIsDate = other.expiryIsDate;
        renewBefore = other.renewBefore;
        initialToken = other.initialToken;
        initialExpiry = other.initialExpiry;
        onNewRefreshToken = other.onNewRefreshToken;
        header = other.header;
        prefix = other.prefix;
    }

    /** Whether tokens have names in an answer by which a log knows them for secrets. */
    boolean namesSpeak() {
        return Stream.of(name("access_token"), name("refresh_token"))
                .allMatch(name -> Redactor.isSecretName(name.substring(name.lastIndexOf('/') + 1)));
    }

    /** The name that this server has for a field of RFC 6749. */
    String name(String standard) {
        return names.getOrDefault(standard, standard);
    }
}
