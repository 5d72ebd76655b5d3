package dev.headrace.http;

import io.netty.util.AsciiString;
import java.util.HashMap;
import java.util.Map;

/** Names of header fields that most responses have, as text: Netty has read bytes, and a new string for each field of each response adds up. */
final class HeaderNames {

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

    private HeaderNames() {}

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
    static String text(CharSequence name) {
        // The hash of such a string disregards case, its equality does not.
        String known = name instanceof AsciiString ascii ? KNOWN.get(ascii) : null;
        return known == null ? name.toString() : known;
    }
}
