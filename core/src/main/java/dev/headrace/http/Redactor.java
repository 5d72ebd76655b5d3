package dev.headrace.http;

import java.net.URI;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes secrets out of what people read: header values and query values whose names speak of credentials, the userinfo of a URI, and both
 * in free text. Every message, log line and {@code toString} goes through here.
 *
 * <p>Control characters are escaped as well: what a remote sends can neither forge a line of a log nor steer a terminal.
 */
public final class Redactor {

    // In any case: the names that are asked for most often need no copy in lower case.
    private static final Set<String> SECRET_NAMES = anyCase(
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
    private static final Set<String> SECRET_PARTS = Set.of(
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
    private static final Set<String> HARMLESS = Set.of(
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

    private static Set<String> anyCase(String... names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Collections.addAll(set, names);
        return Collections.unmodifiableSet(set);
    }

    /**
     * Whether a header or query parameter of this name is taken for a secret.
     *
     * @param name the name, in any case
     * @return true if its value must not be printed
     */
    public static boolean isSecretName(String name) {
        if (SECRET_NAMES.contains(name)) {
            return true;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        String letters = letters(lower);
        if (HARMLESS.contains(letters)) {
            return false;
        }
        for (String part : SECRET_PARTS) {
            if (letters.contains(part)) {
                return true;
            }
        }
        // As headers are called: X-Functions-Key, DD-Application-Key, X-Auth. With an underscore it may be a sort_key.
        return lower.endsWith("_sig") || lower.endsWith("-sig") || lower.endsWith("-key") || lower.endsWith("-auth");
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

    private static String letters(String name) {
        StringBuilder letters = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'a' && c <= 'z') {
                letters.append(c);
            }
        }
        return letters.toString();
    }
}
