package dev.headrace.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;

/** Headers on their way between this library and Netty. */
final class WireHeaders {

    private static final Set<String> HAS_CONTENT = Set.of("POST", "PUT", "PATCH");

    /** Names that most responses have: Netty has read bytes, and a new string for each field of each response adds up. */
    private static final Map<AsciiString, String> KNOWN = known(
            "Accept-Ranges",
            "Access-Control-Allow-Origin",
            "Age",
            "Alt-Svc",
            "Cache-Control",
            "Connection",
            "Content-Disposition",
            "Content-Encoding",
            "Content-Length",
            "Content-Range",
            "Content-Security-Policy",
            "Content-Type",
            "Date",
            "ETag",
            "Expires",
            "Keep-Alive",
            "Last-Modified",
            "Link",
            "Location",
            "Pragma",
            "Referrer-Policy",
            "Retry-After",
            "Server",
            "Set-Cookie",
            "Strict-Transport-Security",
            "Transfer-Encoding",
            "Vary",
            "Via",
            "X-Content-Type-Options",
            "X-Frame-Options",
            "X-Request-Id");

    private WireHeaders() {}

    /**
     * In place of what the client has by itself under the same names. Should a client be made to follow redirects, Reactor Netty takes the
     * credentials out again behind this, for the hop to another host.
     */
    static void write(Request request, HttpClientRequest target) {
        HttpHeaders fields = target.requestHeaders();
        Headers own = request.headers();
        own.forEach((name, value) -> fields.remove(name));
        own.forEach((name, value) -> fields.add(name, sendable(value)));
        @Nullable Body body = request.body().orElse(null);
        if (body != null) {
            if (!fields.contains(HttpHeaderNames.CONTENT_TYPE)) {
                fields.set(HttpHeaderNames.CONTENT_TYPE, body.contentType());
            }
            body.length().ifPresent(length -> fields.set(HttpHeaderNames.CONTENT_LENGTH, length));
        } else if (HAS_CONTENT.contains(request.method())) {
            // A method that may have a body says that there is none (RFC 9110 §8.6).
            fields.set(HttpHeaderNames.CONTENT_LENGTH, 0);
        }
        if (fields.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            // Never both (RFC 9112 §6.3): who cannot tell takes the end of this request for the beginning of another.
            fields.remove(HttpHeaderNames.TRANSFER_ENCODING);
        }
    }

    /** As they came, but for what is only there because of the codec. */
    static Headers read(HttpClientResponse received, boolean http2) {
        HttpHeaders fields = received.responseHeaders();
        Headers.Builder headers = new Headers.Builder(2 * fields.size());
        Iterator<Map.Entry<CharSequence, CharSequence>> each = fields.iteratorCharSequence();
        while (each.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = each.next();
            String name = text(field.getKey());
            if (!http2 || !addedByCodec(name)) {
                headers.addReceived(name, field.getValue().toString());
            }
        }
        return headers.build();
    }

    /** HTTP/2 knows no transfer coding (RFC 9113 §8.2.2); Netty writes one in where no length is known, and the number of the stream. */
    private static boolean addedByCodec(String name) {
        return name.equalsIgnoreCase("Transfer-Encoding") || name.regionMatches(true, 0, "x-http2-", 0, 8);
    }

    /** Without blanks in front, which are no part of a value (RFC 9110 §5.5) and which Netty refuses. */
    private static String sendable(String value) {
        return value.startsWith(" ") || value.startsWith("\t") ? utf8(value.stripLeading()) : utf8(value);
    }

    /** Netty writes one byte for each char; the bytes of UTF-8 pass as they are. */
    private static String utf8(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > 0x7f) {
                return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            }
        }
        return value;
    }

    private static Map<AsciiString, String> known(String... names) {
        Map<AsciiString, String> known = new HashMap<>();
        for (String name : names) {
            known.put(AsciiString.of(name), name);
            String lower = AsciiString.of(name).toLowerCase().toString();
            known.put(AsciiString.of(lower), lower);
        }
        return Map.copyOf(known);
    }

    /** The name as it was received, in its own case. */
    private static String text(CharSequence name) {
        // The hash of such a string disregards case, its equality does not.
        String known = name instanceof AsciiString ascii ? KNOWN.get(ascii) : null;
        return known == null ? name.toString() : known;
    }
}
