package dev.headrace.resilience;

import dev.headrace.http.Body;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Gives requests that would do their work twice a key by which the remote knows a second sending for what it is: the header
 * {@code Idempotency-Key} (IETF draft-ietf-httpapi-idempotency-key-header) on POST and PATCH, unless they have one.
 *
 * <p>Such a request may be retried. Only for remotes that honour the key; others do the work twice. The key must be the same for all attempts
 * of a call, so this belongs outside {@link RetryPolicy retry}, where hooks per call are. A request whose body can be read only once is left
 * alone, for it is never sent again.
 */
public final class IdempotencyKeys {

    private static final String HEADER = "Idempotency-Key";
    private static final Set<String> METHODS = Set.of("POST", "PATCH");

    private IdempotencyKeys() {}

    /**
     * A key of its own for every call: two calls with the same content are two pieces of work.
     *
     * <p>Keys are unique, but no secrets. This method reads the system's random source once, so it is for where the connector is built, not for an
     * event loop; afterwards keys are counted on from there and nothing blocks.
     *
     * @return an interceptor
     */
    public static Interceptor random() {
        UUID first = UUID.randomUUID();
        AtomicLong next = new AtomicLong(first.getLeastSignificantBits());
        return keyed(request -> new UUID(first.getMostSignificantBits(), next.getAndIncrement()).toString());
    }

    /**
     * The same key for the same method, URI and body, also in another process: a call made again after a crash is known for what it is, but so is a
     * second call that was meant.
     *
     * @return an interceptor whose keys are SHA-256 in hex
     */
    public static Interceptor ofContent() {
        return keyed(IdempotencyKeys::digest);
    }

    private static Interceptor keyed(Function<Request, String> key) {
        return (request, next) -> METHODS.contains(request.method())
                        && request.isReplayable()
                        && !request.headers().contains(HEADER)
                ? Mono.defer(() -> next.exchange(request.header(HEADER, key.apply(request))))
                : next.exchange(request);
    }

    private static String digest(Request request) {
        MessageDigest digest = sha256();
        digest.update((request.method() + " " + request.uri() + "\n").getBytes(StandardCharsets.UTF_8));
        request.body().flatMap(Body::inMemory).ifPresent(digest::update);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
