package dev.headrace.capability;

import dev.headrace.http.BodyEnd;
import dev.headrace.http.Exchange;
import dev.headrace.http.ExchangeOptions;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the remote answered while a capability worked, for one call of it; without secrets. Belongs outside retry, so that of several attempts
 * only the last is there.
 *
 * <pre>{@code
 * [{"request": "GET https://api.example.com/users?api_key=•••", "status": 200, "body": {…}}]
 * }</pre>
 *
 * <p>Bodies are copied while their readers read them: nothing is read for the record, and what nobody reads is not in it. A body is JSON if
 * it is, otherwise text, otherwise null: binary data, event streams, bulk transfers and
 * {@linkplain ExchangeOptions#confidential(boolean) confidential} bodies are not copied. At most 1,000 answers are kept, 1 MiB of a body, and 8 MiB of all;
 * beyond that, and where a body broke or was given up, the head of it is text with {@code "truncated": true}.
 */
final class RawRecorder implements Interceptor {

    static final int BODY_LIMIT = 1 << 20;
    static final int LIMIT = 8 << 20;
    static final int MOST_ANSWERS = 1_000;

    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger kept = new AtomicInteger();
    // By the number of the request: answers may overtake each other.
    private final Map<Integer, Answer> answers = new ConcurrentSkipListMap<>();

    /** A response, and what was read of its body. */
    private static final class Answer {

        private final Request request;
        private final int status;
        private final String contentType;
        private final byte[] body;
        private final boolean truncated;

        Answer(Response response, byte[] body, boolean truncated) {
            this.request = response.request();
            this.status = response.status();
            this.contentType = contentType(response);
            this.body = body;
            this.truncated = truncated;
        }

        ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("request", request.describe());
            json.put("status", status);
            JsonNode shown = shown();
            json.set("body", shown == null ? null : request.redacted(shown));
            if (truncated) {
                json.put("truncated", true);
            }
            return json;
        }

        private @Nullable JsonNode shown() {
            if (body.length == 0) {
                return null;
            }
            if (!truncated) {
                try {
                    return Json.tree(body);
                } catch (DecodingException e) {
                    // It is text then, or nothing.
                }
            }
            return text().map(JsonNodeFactory.instance::stringNode).orElse(null);
        }

        /** Empty if it is not what it says: bytes that are no text may hide from the redactor what a reader can see. */
        private Optional<String> text() {
            CharBuffer chars = CharBuffer.allocate(body.length + 1);
            // The last character may be torn where the body was.
            boolean readable = !charset(contentType)
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body), chars, !truncated)
                    .isError();
            String text = chars.flip().toString();
            return readable && text.indexOf(0) < 0 ? Optional.of(truncated ? whole(text) : text) : Optional.empty();
        }

        /** Without the last word: nobody recognizes half a secret. */
        private static String whole(String text) {
            int end = text.length();
            while (end > 0 && text.charAt(end - 1) > ' ' && "\"'<>,;&".indexOf(text.charAt(end - 1)) < 0) {
                end--;
            }
            return text.substring(0, end);
        }
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        return Mono.defer(() -> {
            int number = sent.getAndIncrement();
            return next.exchange(request).map(response -> recorded(number, response));
        });
    }

    private Response recorded(int number, Response response) {
        if (number >= MOST_ANSWERS) {
            return response;
        }
        answers.put(number, new Answer(response, new byte[0], false));
        if (!isCopied(response)) {
            return response;
        }
        // For a moment more may be counted than is kept.
        int limit = Math.max(0, Math.min(BODY_LIMIT, LIMIT - kept.get()));
        return response.copyingHead(limit, (head, end) -> {
            // Several may have been under way, each with what was left for all.
            boolean fits = kept.addAndGet(head.length) <= LIMIT;
            if (!fits) {
                kept.addAndGet(-head.length);
            }
            boolean truncated = !fits || end.how() != BodyEnd.How.READ || end.bytes() > head.length;
            answers.put(number, new Answer(response, fits ? head : new byte[0], truncated));
        });
    }

    /** What there is by now: a response whose body is still being read is without one. */
    JsonNode recorded() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        answers.values().forEach(answer -> all.add(answer.json()));
        int more = sent.get() - MOST_ANSWERS;
        if (more > 0) {
            all.addObject().put("truncated", true).put("requests_left_out", more);
        }
        return all;
    }

    private static boolean isCopied(Response response) {
        ExchangeOptions options = response.request().options();
        return options.profile() == ExchangeOptions.Profile.CALL
                && !options.confidential()
                && !response.headers().contains("Content-Encoding")
                && isText(contentType(response));
    }

    private static String contentType(Response response) {
        return response.headers().first("Content-Type").orElse("");
    }

    /** Where nothing is said, the bytes tell. */
    private static boolean isText(String contentType) {
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return !type.equals("text/event-stream")
                && (type.isEmpty()
                        || type.startsWith("text/")
                        || type.endsWith("json")
                        || type.endsWith("xml")
                        || type.equals("application/x-www-form-urlencoded"));
    }

    private static Charset charset(String contentType) {
        int at = contentType.toLowerCase(Locale.ROOT).indexOf("charset=");
        if (at < 0) {
            return StandardCharsets.UTF_8;
        }
        String name =
                contentType.substring(at + 8).split(";", 2)[0].replace("\"", "").strip();
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException unknown) {
            return StandardCharsets.UTF_8;
        }
    }
}
