package dev.headrace.spring;

import dev.headrace.http.Secret;
import dev.headrace.state.StateStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Refresh tokens that servers have given in place of those configured, kept for the next run.
 *
 * <p>Each is kept beside the hash of the token that was configured then: whoever configures another one means that, not the one kept.
 */
final class RefreshTokens {

    private static final String CONFIGURED = "configured";
    private static final String TOKEN = "token";

    private final Supplier<@Nullable StateStore> stores;

    RefreshTokens(Supplier<@Nullable StateStore> stores) {
        this.stores = stores;
    }

    /** Where those of one connector are kept, under the name of its properties. */
    Place under(PropertyPath path) {
        StateStore store = stores.get();
        if (store == null) {
            throw path.at("keep-refresh-token")
                    .refused("There is no StateStore to keep it in; set headrace.state.directory, or define a bean");
        }
        return new Place(store, path.at("refresh-token").name());
    }

    /** One connector's place. */
    static final class Place {

        private final StateStore store;
        private final String key;
        /** What the last request for a token came of: its successor belongs to that, whatever is configured meanwhile. */
        private volatile @Nullable Secret origin;

        private Place(StateStore store, String key) {
            this.store = store;
            this.key = key;
        }

        /** The token to ask with: the one kept if it came of the one configured. */
        Mono<Secret> latest(Secret configured) {
            origin = configured;
            return store.load(key)
                    .filter(kept -> kept.path(CONFIGURED).asString("").equals(hash(configured)))
                    .map(kept -> kept.path(TOKEN).asString(""))
                    .filter(token -> !token.isEmpty())
                    .map(Secret::of)
                    .defaultIfEmpty(configured);
        }

        Mono<Void> keep(Secret token) {
            return Mono.defer(() -> store.save(key, document(Objects.requireNonNull(origin), token)));
        }

        private static JsonNode document(Secret configured, Secret token) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put(CONFIGURED, hash(configured))
                    .put(TOKEN, token.reveal());
        }

        private static String hash(Secret secret) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(secret.reveal().getBytes(StandardCharsets.UTF_8)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java has SHA-256", e);
            }
        }
    }
}
