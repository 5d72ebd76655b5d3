package dev.headrace.stream;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Request;
import dev.headrace.http.UriReference;
import dev.headrace.json.Json;
import dev.headrace.json.Pointer;
import dev.headrace.pagination.PageEnd;
import dev.headrace.pagination.Placement;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A cursor by a token that the remote gives, made by {@link Cursor#token} or {@link Cursor#deltaLink}. A value. */
public final class TokenCursor implements Cursor {

    private static final int GONE = 410;

    private final String pointer;
    private final @Nullable Placement placement;
    private final Set<Integer> forgotten;

    private TokenCursor(String pointer, @Nullable Placement placement, Set<Integer> forgotten) {
        Pointer.of(pointer);
        this.pointer = pointer;
        this.placement = placement;
        this.forgotten = forgotten;
    }

    static TokenCursor token(String pointer, Placement placement) {
        return new TokenCursor(pointer, placement, Set.of(GONE));
    }

    static TokenCursor link(String pointer) {
        return new TokenCursor(pointer, null, Set.of(GONE));
    }

    /**
     * Sets by which statuses the remote says that it has forgotten the token, so that all is read anew, with a notice.
     *
     * @param statuses default 410
     * @return a new cursor
     */
    public TokenCursor forgottenBy(Integer... statuses) {
        return new TokenCursor(pointer, placement, new TreeSet<>(Arrays.asList(statuses)));
    }

    @Override
    public String pointer() {
        return pointer;
    }

    boolean isForgottenBy(int status) {
        return forgotten.contains(status);
    }

    /** The request that asks for what has changed since a token was given. */
    Request put(Request request, JsonNode token) {
        if (placement != null) {
            return placement.put(request, Json.writeText(token));
        }
        try {
            return request.restored(token);
        } catch (IllegalArgumentException e) {
            // Without the cause, which may quote the link.
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "The state holds no delta link that belongs to " + request.describe()
                            + "; give none to read everything anew",
                    null);
        }
    }

    /** The token that a last page gives; of a link how it differs from the first request, so that no secret is kept with it. */
    Optional<JsonNode> on(PageEnd end, Request first) {
        Optional<JsonNode> value = end.value(pointer).filter(json -> !json.isNull());
        return placement != null
                ? value
                : value.filter(JsonNode::isString)
                        .flatMap(link -> first.at(UriReference.resolve(end.uri(), link.stringValue()))
                                .differenceFrom(first));
    }

    @Override
    public String toString() {
        return "Cursor[" + pointer + ", a " + (placement == null ? "link" : "token") + " of the remote]";
    }
}
