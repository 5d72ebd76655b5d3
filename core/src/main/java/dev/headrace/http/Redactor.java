package dev.headrace.http;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Takes secrets out of what people read: header values and query values whose names speak of credentials, and the userinfo
 * of a URI. Every message, log line and {@code toString} goes through here.
 */
public final class Redactor {

    private static final Set<String> SECRET_NAMES = Set.of(
            "authorization",
            "cookie",
            "cookie2",
            "key",
            "sig",
            "pwd",
            "pass",
            "code",
            "assertion",
            "jwt",
            "auth",
            "sid");

    // Parts of names: x-api-key, access_token, client_secret, X-Amz-Signature, x-amz-credential, csrf …
    private static final Set<String> SECRET_PARTS = Set.of(
            "apikey",
            "token",
            "secret",
            "password",
            "passwd",
            "passphrase",
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

    // Positions, not credentials: without them a message about a page would not say which.
    private static final Set<String> POSITIONS = Set.of(
            "pagetoken", "nextpagetoken", "nexttoken", "synctoken", "deltatoken", "skiptoken", "continuationtoken");

    private Redactor() {}

    /**
     * Whether a header or query parameter of this name is taken for a secret.
     *
     * @param name the name, in any case
     * @return true if its value must not be printed
     */
    public static boolean isSecretName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (SECRET_NAMES.contains(lower)) {
            return true;
        }
        String letters = letters(lower);
        if (POSITIONS.contains(letters)) {
            return false;
        }
        for (String part : SECRET_PARTS) {
            if (letters.contains(part)) {
                return true;
            }
        }
        return false;
    }

    /**
     * A header's or parameter's value as it may be printed.
     *
     * @param name its name
     * @param value its value
     * @return the value, or the mask if the name speaks of a secret
     */
    public static String value(String name, String value) {
        return isSecretName(name) ? Secret.MASK : value;
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
        int fragment = uri.indexOf('#');
        String rest = fragment < 0 ? uri : uri.substring(0, fragment);
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
                    printed.append(pair);
                }
                separator = '&';
            }
        }
        return printed.toString();
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
