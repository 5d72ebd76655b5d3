package dev.headrace.test;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A connection in the sense of Relay's specification, as a GraphQL request asks for it: {@code first} and {@code after}. */
record Connection(int first, @Nullable String after) {

    private static final Pattern FIRST = Pattern.compile("first:\\s*(\\d{1,9})");
    private static final String CURSOR = "cursor:v2:";

    /** From the variables, or {@code first} from the query itself. */
    static Connection asked(JsonNode request, int absent) {
        Matcher literal = FIRST.matcher(request.path("query").asString(""));
        int first = literal.find() ? Integer.parseInt(literal.group(1)) : absent;
        JsonNode after = request.path("variables").path("after");
        return new Connection(
                request.path("variables").path("first").asInt(first),
                after.isMissingNode() || after.isNull() ? null : after.asString(""));
    }

    /** Where the page begins; empty for a cursor that nobody gave out. */
    Optional<Integer> start(List<String> items) {
        if (after == null) {
            return Optional.of(0);
        }
        try {
            String cursor = new String(Base64.getDecoder().decode(after), StandardCharsets.US_ASCII);
            return Optional.of(cursor)
                    .filter(text -> text.matches(CURSOR + "\\d{1,9}"))
                    .map(text -> Integer.parseInt(text.substring(CURSOR.length())))
                    .filter(start -> start <= items.size());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The page. Its last cursor is there even when nothing follows, as the specification has it. */
    static String page(List<String> items, int from, int to, boolean cursorGiven) {
        String cursor = Base64.getEncoder().encodeToString((CURSOR + to).getBytes(StandardCharsets.US_ASCII));
        return "{\"nodes\":%s,\"pageInfo\":{\"hasNextPage\":%s,\"endCursor\":%s}}"
                .formatted(
                        JsonText.array(items.subList(from, to)),
                        to < items.size(),
                        cursorGiven ? "\"" + cursor + "\"" : "null");
    }
}
