package dev.headrace.resilience;

import dev.headrace.Defaults;
import dev.headrace.http.Headers;
import dev.headrace.http.Peeked;
import dev.headrace.http.Response;
import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Pointer;
import dev.headrace.json.RecordScanner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What rules look at: a failure, or a response with as much of its body as has been looked into.
 *
 * <p>Of a body that was not looked into, or only in part, not everything is known; a rule that depends on the rest does not hold.
 */
final class Evidence {

    /** Whether a condition holds. */
    enum Finding {
        YES,
        NO,
        UNKNOWN;

        static Finding of(boolean holds) {
            return holds ? YES : NO;
        }

        Finding reversed() {
            return switch (this) {
                case YES -> NO;
                case NO -> YES;
                case UNKNOWN -> UNKNOWN;
            };
        }
    }

    private final @Nullable Response response;
    private final @Nullable Throwable failure;
    private final byte @Nullable [] body;
    private final boolean whole;

    private Evidence(@Nullable Response response, @Nullable Throwable failure, byte @Nullable [] body, boolean whole) {
        this.response = response;
        this.failure = failure;
        this.body = body;
        this.whole = whole;
    }

    static Evidence of(Throwable failure) {
        return new Evidence(null, failure, null, false);
    }

    /** Of a response whose body has not been looked into. */
    static Evidence of(Response response) {
        return new Evidence(response, null, null, false);
    }

    static Evidence of(Peeked peeked) {
        return new Evidence(peeked.response(), null, peeked.head(), peeked.isWhole());
    }

    Finding ofStatus(Predicate<Integer> condition) {
        return Finding.of(response != null && condition.test(response.status()));
    }

    Finding ofHeader(String name, Predicate<String> condition) {
        return Finding.of(
                response != null && response.headers().all(name).stream().anyMatch(condition));
    }

    Finding ofFailure(Predicate<Throwable> condition) {
        return Finding.of(failure != null && condition.test(failure));
    }

    Finding ofText(Predicate<String> condition) {
        if (body == null) {
            return Finding.UNKNOWN;
        }
        if (condition.test(new String(body, StandardCharsets.UTF_8))) {
            return Finding.YES;
        }
        return whole ? Finding.NO : Finding.UNKNOWN;
    }

    /** Whether the value there, or one of its elements if it is an array, is such. */
    Finding ofValueAt(Pointer pointer, Predicate<JsonNode> condition) {
        if (body == null) {
            return Finding.UNKNOWN;
        }
        RecordScanner scanner = new RecordScanner(pointer, Defaults.RECORD_LIMIT, Defaults.JSON_DEPTH_LIMIT);
        int from = 0;
        try {
            while (scanner.next(body, from, body.length)) {
                if (condition.test(found(body, scanner))) {
                    return Finding.YES;
                }
                from += scanner.used();
            }
            if (!whole) {
                return Finding.UNKNOWN;
            }
            from += scanner.used();
            return Finding.of(scanner.end(body, from, body.length) && condition.test(found(body, scanner)));
        } catch (DecodingException absent) {
            // Nothing there, or no JSON at all.
            return Finding.NO;
        }
    }

    /** The value there, or the first element of an array, if it has been seen. */
    Optional<JsonNode> valueAt(Pointer pointer) {
        List<JsonNode> first = new ArrayList<>(1);
        ofValueAt(pointer, first::add);
        return first.stream().findFirst();
    }

    Headers headers() {
        return response == null ? Headers.none() : response.headers();
    }

    private static JsonNode found(byte[] body, RecordScanner scanner) {
        return Codec.tree().decode(body, scanner.recordFrom(), scanner.recordTo());
    }
}
