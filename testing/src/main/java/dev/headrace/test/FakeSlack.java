package dev.headrace.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Methods in the style of Slack: a cursor in {@code response_metadata}, errors under status 200, and a rate limit for each method.
 *
 * <pre>{@code
 * FakeSlack.method("conversations.list", "channels", channels)
 *         .and("users.list", "members", members)
 *         .limit(20, Duration.ofMinutes(1))
 *         .shortening(0).onRequest(2).once()
 * }</pre>
 *
 * <p>A method is at {@code /api/} and its name, and takes {@code limit} (default 100, at most 1000) and {@code cursor} from the query or a form.
 * A cursor ends in {@code =}, and one that arrives unencoded is {@code invalid_cursor}: stricter than any server, so that tests notice. No two
 * pages have the same cursor, even when one of them is empty. Sizes are general knowledge of this API. Settings return a changed copy that
 * counts from the beginning.
 */
public final class FakeSlack extends FaultyRoute<FakeSlack> {

    private enum End {
        EMPTY(",\"response_metadata\":{\"next_cursor\":\"\"}"),
        NULL(",\"response_metadata\":{\"next_cursor\":null}"),
        ABSENT("");

        final String json;

        End(String json) {
            this.json = json;
        }
    }

    private record Method(String field, List<String> items) {}

    private record Limit(int requests, Duration window, InstantSource clock) {}

    private final Map<String, Method> methods;
    private final End end;
    private final @Nullable Limit limit;
    private final Map<String, FixedWindow> windows = new HashMap<>();

    private FakeSlack(Map<String, Method> methods, End end, @Nullable Limit limit, Faults<Answer> faults) {
        super(faults);
        this.methods = methods;
        this.end = end;
        this.limit = limit;
    }

    /**
     * An API of one method.
     *
     * @param name for example {@code conversations.list}
     * @param field where its items are, for example {@code channels}
     * @param items one JSON text each
     * @return an empty cursor at the end, no limit, no faults
     */
    public static FakeSlack method(String name, String field, List<String> items) {
        return new FakeSlack(Map.of(), End.EMPTY, null, Faults.none()).and(name, field, items);
    }

    /**
     * Adds a method.
     *
     * @param name for example {@code users.list}
     * @param field where its items are, for example {@code members}
     * @param items one JSON text each
     * @return a changed copy
     */
    public FakeSlack and(String name, String field, List<String> items) {
        Map<String, Method> more = new TreeMap<>(methods);
        more.put("/api/" + name, new Method(field, List.copyOf(items)));
        return new FakeSlack(more, end, limit, faults());
    }

    /**
     * Ends with {@code "next_cursor":null}.
     *
     * @return a changed copy
     */
    public FakeSlack endingWithNull() {
        return new FakeSlack(methods, End.NULL, limit, faults());
    }

    /**
     * Ends without {@code response_metadata}.
     *
     * @return a changed copy
     */
    public FakeSlack endingWithoutMetadata() {
        return new FakeSlack(methods, End.ABSENT, limit, faults());
    }

    /**
     * Answers 429 with {@code Retry-After} to requests above a limit that each method has for itself. Default: no limit.
     *
     * @param requests allowed in each window, at least 1
     * @param window begins with a request
     * @return a changed copy
     */
    public FakeSlack limit(int requests, Duration window) {
        return limit(requests, window, InstantSource.system());
    }

    /**
     * Such a limit, by a clock of the test.
     *
     * @param requests allowed in each window, at least 1
     * @param window begins with a request
     * @param clock asked at every request, on an event loop
     * @return a changed copy
     */
    public FakeSlack limit(int requests, Duration window, InstantSource clock) {
        new FixedWindow(requests, window, clock); // refuses bad settings here
        return new FakeSlack(methods, end, new Limit(requests, window, clock), faults());
    }

    /**
     * Answers 200 with {@code "ok":false}.
     *
     * @param error for example {@code token_expired}
     * @return when to do so
     */
    public Fault<FakeSlack> refusing(String error) {
        return refusing(200, "{\"ok\":false,\"error\":" + JsonText.quoted(error) + "}");
    }

    /**
     * Gives fewer items than asked, with a cursor to the rest: the documentation allows it, down to none.
     *
     * @param items at most on the page
     * @return when to do so
     */
    public Fault<FakeSlack> shortening(int items) {
        return pagesOf(items);
    }

    @Override
    FakeSlack with(Faults<Answer> faults) {
        return new FakeSlack(methods, end, limit, faults);
    }

    @Override
    void admit(Answer answer, Asked asked) {
        if (limit != null) {
            FixedWindow window = windows.computeIfAbsent(
                    asked.path(), path -> new FixedWindow(limit.requests(), limit.window(), limit.clock()));
            if (!window.take()) {
                answer.failJson(429, "{\"ok\":false,\"error\":\"ratelimited\"}");
                answer.headers.set("Retry-After", window.secondsToReset());
            }
        }
    }

    @Override
    void fill(Answer answer, Asked asked) {
        Method method = methods.get(asked.path());
        if (method == null) {
            refuse(answer, "unknown_method");
            return;
        }
        String cursor = asked.parameter("cursor").orElse("");
        Position at = cursor.isEmpty() ? new Position(1, 0) : Position.of(cursor);
        boolean encoded = !(asked.raw() + "&" + asked.body()).contains("cursor=" + cursor) || cursor.isEmpty();
        if (at == null || !encoded || at.item() > method.items().size()) {
            refuse(answer, "invalid_cursor");
            return;
        }
        int wanted = asked.parameter("limit").map(FakeSlack::number).orElse(100);
        if (wanted < 1 || wanted > 1000) {
            refuse(answer, "invalid_limit");
            return;
        }
        int to = at.item()
                + Math.min(Math.min(wanted, answer.itemsAtMost), method.items().size() - at.item());
        String rest = to == method.items().size()
                ? end.json
                : ",\"response_metadata\":{\"next_cursor\":\"" + new Position(at.page() + 1, to).cursor() + "\"}";
        answer.json("{\"ok\":true,\"%s\":%s%s}"
                .formatted(method.field(), JsonText.array(method.items().subList(at.item(), to)), rest));
    }

    private static int number(String text) {
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static void refuse(Answer answer, String error) {
        answer.failJson(200, "{\"ok\":false,\"error\":\"" + error + "\"}");
    }

    /** The page is part of it, so that a cursor after an empty page is another one. */
    private record Position(int page, int item) {

        // 14 bytes, so that Base64 pads with one '='.
        String cursor() {
            return Base64.getEncoder()
                    .encodeToString("%05d:%08d".formatted(page, item).getBytes(StandardCharsets.US_ASCII));
        }

        static @Nullable Position of(String cursor) {
            try {
                String[] parts =
                        new String(Base64.getDecoder().decode(cursor), StandardCharsets.US_ASCII).split(":", 2);
                return parts.length == 2 ? new Position(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])) : null;
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
    }
}
