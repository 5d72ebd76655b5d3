package dev.headrace.http;

import java.net.URI;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Takes secrets out of what people read: header values and query values whose names speak of credentials, the userinfo of a URI, and both
 * in free text. Every message, log line and {@code toString} goes through here.
 *
 * <p>Control characters are escaped as well: what a remote sends can neither forge a line of a log nor steer a terminal.
 */
public final class Redactor {

    private static final List<String> SECRET_NAMES = List.of(
            "authorization",
            "cookie",
            "cookie2",
            "bearer",
            "oauth",
            "key",
            "sig",
            "pass",
            "code",
            "assertion",
            "auth",
            "sid",
            "client_assertion",
            "device_code",
            "code_verifier");

    // Parts of names: x-api-key, access_token, client_secret, X-Amz-Signature, x-amz-credential, csrf …
    private static final List<List<String>> PARTS_BY_LETTER = byLetter(
            "apikey",
            "token",
            "secret",
            "password",
            "passwd",
            "pwd",
            "passphrase",
            "jwt",
            "signature",
            "credential",
            "session",
            "authorization",
            "cookie",
            "accesskey",
            "privatekey",
            "authkey",
            "subscriptionkey",
            "csrf",
            "xsrf");

    // Positions, counts and kinds, not credentials: without them a message about a page would not say which.
    private static final List<String> HARMLESS = List.of(
            "pagetoken",
            "nextpagetoken",
            "nexttoken",
            "synctoken",
            "deltatoken",
            "skiptoken",
            "continuationtoken",
            "tokentype",
            "maxtokens",
            "prompttokens",
            "completiontokens",
            "totaltokens",
            "idempotencykey",
            "secwebsocketkey");

    private Redactor() {}

    private static List<List<String>> byLetter(String... parts) {
        return IntStream.rangeClosed('a', 'z')
                .mapToObj(letter -> Arrays.stream(parts)
                        .filter(part -> part.charAt(0) == letter)
                        .toList())
                .toList();
    }

    /**
     * Whether a header or query parameter of this name is taken for a secret.
     *
     * @param name the name, in any case
     * @return true if its value must not be printed
     */
    public static boolean isSecretName(String name) {
        // Asked for every field of every request, so it looks at the name where it is and makes no other one of it.
        for (String secret : SECRET_NAMES) {
            if (secret.equalsIgnoreCase(name)) {
                return true;
            }
        }
        int first = nextLetter(name, 0);
        for (String harmless : HARMLESS) {
            int end = behind(name, first, harmless);
            if (end >= 0 && nextLetter(name, end) == name.length()) {
                return false;
            }
        }
        for (int i = first; i < name.length(); i = nextLetter(name, i + 1)) {
            for (String part : PARTS_BY_LETTER.get(letter(name, i) - 'a')) {
                if (behind(name, i, part) >= 0) {
                    return true;
                }
            }
        }
        // As headers are called: X-Functions-Key, DD-Application-Key, X-Auth. With an underscore it may be a sort_key.
        return endsWith(name, "_sig") || endsWith(name, "-sig") || endsWith(name, "-key") || endsWith(name, "-auth");
    }

    private static boolean endsWith(String name, String end) {
        return name.regionMatches(true, name.length() - end.length(), end, 0, end.length());
    }

    /** The index behind letters that stand in a name from an index on, whatever stands between them; negative if they do not. */
    private static int behind(String name, int from, String letters) {
        int at = from;
        for (int i = 0; i < letters.length(); i++) {
            at = nextLetter(name, at);
            if (at == name.length() || letter(name, at) != letters.charAt(i)) {
                return -1;
            }
            at++;
        }
        return at;
    }

    /** The index of the first letter from an index on, or the name's length. */
    private static int nextLetter(String name, int from) {
        int at = from;
        while (at < name.length() && (letter(name, at) < 'a' || letter(name, at) > 'z')) {
            at++;
        }
        return at;
    }

    private static char letter(String name, int index) {
        return Character.toLowerCase(name.charAt(index));
    }

    /**
     * A header's or parameter's value as it may be printed.
     *
     * @param name its name
     * @param value its value
     * @return the value as {@link #text} gives it, or the mask if the name speaks of a secret
     */
    public static String value(String name, String value) {
        return isSecretName(name) ? Secret.MASK : text(value);
    }

    /**
     * Any text as it may be printed: a body, a message of a server or of somebody else's exception. It masks what stands behind a
     * secret name in JSON (whole arrays and objects too, and JSON within JSON strings), in forms and queries, in {@code name: value} and
     * {@code name=value}, and in XML elements; credentials behind {@code Bearer} and {@code Basic}; JSON Web Tokens; userinfo of URLs.
     * In doubt too much is masked. Control characters are escaped, line breaks too, so the result is one line.
     *
     * <p>Takes time in proportion to the length and never fails, whatever the text.
     *
     * @param text the text, well-formed or not
     * @return its printable form
     */
    public static String text(String text) {
        return escaped(new TextRedaction(text).redacted());
    }

    /**
     * A URI as it may be printed: no userinfo, no secret query values, no fragment (it may carry a token too).
     *
     * @param uri the URI
     * @return its printable form
     */
    public static String uri(URI uri) {
        return uri(uri.toString());
    }

    /**
     * As {@link #uri(URI)}, for text that may not be a well-formed URI.
     *
     * @param uri the URI
     * @return its printable form
     */
    public static String uri(String uri) {
        String whole = withoutTornPassword(uri);
        int fragment = whole.indexOf('#');
        String rest = fragment < 0 ? whole : whole.substring(0, fragment);
        int query = rest.indexOf('?');
        String path = query < 0 ? rest : rest.substring(0, query);
        StringBuilder printed = new StringBuilder(rest.length()).append(withoutUserinfo(path));
        if (query >= 0) {
            char separator = '?';
            for (String pair : rest.substring(query + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                printed.append(separator);
                if (equals >= 0 && isSecretName(PercentCoding.decode(pair.substring(0, equals)))) {
                    printed.append(pair, 0, equals + 1).append(Secret.MASK);
                } else {
                    printed.append(pair.contains("://") ? withoutUserinfo(pair) : pair);
                }
                separator = '&';
            }
        }
        return escaped(printed.toString());
    }

    private static String withoutUserinfo(String uri) {
        int authority = uri.indexOf("//");
        if (authority < 0) {
            return uri;
        }
        int end = uri.indexOf('/', authority + 2);
        int at = uri.lastIndexOf('@', end < 0 ? uri.length() : end);
        return at < authority ? uri : uri.substring(0, authority + 2) + Secret.MASK + uri.substring(at);
    }

    /** A password that holds what ends an authority, and that nobody encoded: what stands where a port should be is none. */
    private static String withoutTornPassword(String uri) {
        int start = uri.indexOf("//") + 2;
        int end = start;
        while (end < uri.length() && "/?#@".indexOf(uri.charAt(end)) < 0) {
            end++;
        }
        int colon = uri.indexOf(':', start);
        int at = uri.lastIndexOf('@');
        boolean torn = start > 1
                && !uri.startsWith("[", start)
                && colon >= 0
                && colon < end
                && end < at
                && uri.charAt(end) != '@'
                && !uri.substring(colon + 1, end).chars().allMatch(c -> c >= '0' && c <= '9');
        return torn ? uri.substring(0, start) + Secret.MASK + uri.substring(at) : uri;
    }

    /** Everything visible, and nothing that moves a cursor, ends a line or turns the direction of writing. */
    private static String escaped(String text) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c >= ' ' && c < 0x7f || c >= 0xa0 && !isInvisible(c);
            if (!plain && out == null) {
                out = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (out != null) {
                if (plain) {
                    out.append(c);
                } else {
                    switch (c) {
                        case '\r' -> out.append("\\r");
                        case '\n' -> out.append("\\n");
                        case '\t' -> out.append("\\t");
                        default -> out.append("\\u").append(HexFormat.of().toHexDigits(c));
                    }
                }
            }
        }
        return out == null ? text : out.toString();
    }

    private static boolean isInvisible(char c) {
        // Line and paragraph separators, zero-width marks, and the overrides of the direction of writing.
        return c >= '\u200b' && c <= '\u200f'
                || c >= '\u2028' && c <= '\u202e'
                || c >= '\u2060' && c <= '\u206f'
                || c == '\ufeff';
    }
}
