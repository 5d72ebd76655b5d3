package dev.headrace.observe;

import dev.headrace.http.Body;
import dev.headrace.http.Exchange;
import dev.headrace.http.ExchangeEnd;
import dev.headrace.http.ExchangeOptions;
import dev.headrace.http.ExchangeWatch;
import dev.headrace.http.Headers;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Redactor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Writes down what is sent and received, without secrets. Belongs next to decompression and the transport, so that it shows each hop of a
 * redirect and the credentials' places.
 *
 * <pre>
 * #7 &gt; POST https://api.example.com/login?api_key=•••
 * #7 &gt; Content-Type: application/json
 * #7 &gt; {"user":"ann","password":"•••"}
 * #7 &lt; 200 after 31 ms
 * #7 &lt; Content-Type: application/json
 * #7 &lt; {"access_token":"•••"} (24 bytes)
 * </pre>
 *
 * <p>Bodies are shown only if they are text, shorter than 1,000 characters and complete; otherwise their length. A request's body is shown
 * only if it is at hand. A response's is copied while its reader reads it: nothing is read for the log. Streams, that is event streams and
 * bulk transfers, are never copied, and neither are {@linkplain ExchangeOptions#confidential(boolean) confidential} bodies. The number says which lines belong together.
 */
public final class WireLog implements Interceptor {

    /**
     * Key in the Reactor {@code Context} of a {@code Consumer<String>} that gets the lines of what this subscriber sends, beside whoever gets
     * them anyway: for a host that shows what one call did, whatever connectors it used. A log that {@linkplain #to writes} to that very
     * consumer already does so once. As for {@link #to}, it must not block or throw. Work
     * that several callers share, such as the refresh of a token, is not one subscriber's.
     */
    public static final String LINES = "headrace.wire.lines";

    private static final Logger LOG = LoggerFactory.getLogger("dev.headrace.wire");
    private static final int LONGEST_TEXT = 1_000;
    // UTF-8 takes up to four bytes for a character.
    private static final int COPIED_BYTES = 4 * LONGEST_TEXT;
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final BooleanSupplier wanted;
    private final Consumer<? super String> lines;

    private WireLog(BooleanSupplier wanted, Consumer<? super String> lines) {
        this.wanted = wanted;
        this.lines = Objects.requireNonNull(lines, "lines");
    }

    /**
     * Writes to the logger {@code dev.headrace.wire} at DEBUG. While that level is off nothing is built or copied.
     *
     * @return the interceptor
     */
    public static WireLog debug() {
        return new WireLog(LOG::isDebugEnabled, LOG::debug);
    }

    /**
     * Writes to somewhere else, such as {@code System.err::println}.
     *
     * @param lines takes a line, without its end; on any thread, and on several at once; must not block or throw
     * @return the interceptor
     */
    public static WireLog to(Consumer<? super String> lines) {
        return new WireLog(() -> true, lines);
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        return Mono.deferContextual(context -> {
            Consumer<? super String> subscribers = context.getOrDefault(LINES, null);
            if (subscribers != null && subscribers != lines) {
                return new WireLog(() -> true, besides(subscribers)).logged(request, next);
            }
            return wanted.getAsBoolean() ? logged(request, next) : next.exchange(request);
        });
    }

    private Consumer<String> besides(Consumer<? super String> subscribers) {
        return wanted.getAsBoolean()
                ? line -> {
                    lines.accept(line);
                    subscribers.accept(line);
                }
                : subscribers::accept;
    }

    private Mono<Response> logged(Request request, Exchange next) {
        String number = "#" + NUMBERS.incrementAndGet();
        long start = now();
        write(number, '>', request.describe());
        headers(number, '>', request, request.headers());
        request.body().ifPresent(body -> write(number, '>', shown(request, body)));
        Mono<Response> sent = next.exchange(request).map(response -> answered(number, start, response));
        return ExchangeWatch.watching(request, sent, same -> new Unanswered(number, start));
    }

    /** The end of an exchange that got no response; of one that did, its body tells. */
    private final class Unanswered extends ExchangeWatch {

        private final String number;
        private final long start;

        Unanswered(String number, long start) {
            this.number = number;
            this.start = start;
        }

        @Override
        protected void ended(ExchangeEnd end) {
            if (end.status() == 0) {
                Throwable failure = end.failure();
                write(number, '!', after(failure == null ? "cancelled" : failed(failure), start));
            }
        }
    }

    private Response answered(String number, long start, Response response) {
        write(number, '<', after(String.valueOf(response.status()), start));
        headers(number, '<', response.request(), response.headers());
        boolean copied = isCopied(response);
        return response.copyingHead(copied ? COPIED_BYTES : 0, (head, end) -> {
            String length = end.bytes() + " bytes";
            switch (end.how()) {
                case READ -> {
                    String text = head.length == end.bytes() ? text(head, contentType(response)) : "";
                    write(
                            number,
                            '<',
                            text.isEmpty() ? length : response.request().redacted(text) + " (" + length + ")");
                }
                case FAILED ->
                    write(number, '!', after(failed(Objects.requireNonNull(end.failure())), start) + " and " + length);
                case GIVEN_UP -> write(number, '<', "given up after " + length);
            }
        });
    }

    private void headers(String number, char direction, Request request, Headers headers) {
        headers.forEach((name, value) -> write(
                number,
                direction,
                Redactor.text(name) + ": " + (headers.isSecret(name) ? Secret.MASK : request.redacted(value))));
    }

    private void write(String number, char direction, String line) {
        lines.accept(number + " " + direction + " " + line);
    }

    private static String failed(Throwable failure) {
        return "failed: " + failure.getClass().getSimpleName() + ": "
                + Redactor.text(String.valueOf(failure.getMessage()));
    }

    private static String after(String what, long start) {
        return what + " after " + TimeUnit.NANOSECONDS.toMillis(now() - start) + " ms";
    }

    private static long now() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }

    private static boolean isCopied(Response response) {
        return response.request().options().profile() == ExchangeOptions.Profile.CALL
                && !response.request().options().confidential()
                && !response.headers().contains("Content-Encoding")
                && isText(contentType(response));
    }

    private static String shown(Request request, Body body) {
        ByteBuffer content = body.inMemory().orElse(null);
        if (content == null) {
            return "a stream";
        }
        String length = content.remaining() + " bytes";
        if (request.options().confidential() || !isText(body.contentType()) || content.remaining() > COPIED_BYTES) {
            return length;
        }
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        String text = text(bytes, body.contentType());
        return text.isEmpty() ? length : request.redacted(text) + " (" + length + ")";
    }

    private static String contentType(Response response) {
        return response.headers().first("Content-Type").orElse("");
    }

    private static boolean isText(String contentType) {
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return !type.equals("text/event-stream")
                && (type.startsWith("text/")
                        || type.endsWith("json")
                        || type.endsWith("xml")
                        || type.equals("application/x-www-form-urlencoded")
                        || type.equals("application/graphql"));
    }

    /** Empty if it is not what it says, or too long. */
    private static String text(byte[] bytes, String contentType) {
        String text = new String(bytes, charset(contentType));
        // Bytes that are no text in this charset may hide from the redactor what a reader of the log can see.
        return text.length() >= LONGEST_TEXT || text.indexOf(0) >= 0 || text.indexOf('\ufffd') >= 0 ? "" : text;
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
