package dev.headrace.spring;

import dev.headrace.http.Redactor;
import dev.headrace.http.Secret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which properties hold a secret: by their names, however they are written, and by their values, for a secret is often put together of
 * properties and variables of other names.
 */
final class SecretProperties {

    /** Names without anything but letters and digits: {@code HEADRACE_CONNECTORS_A_APIKEY} and {@code headrace.connectors.a.api-key} alike. */
    private static final Pattern SECRET = Pattern.compile("headracessesigningkey|headraceconnectors.*("
            + "authbearertoken|authbasicpassword|authapikeykey|authheadersecret|authoauth2clientsecret|authoauth2refreshtoken"
            + "|proxypassword)");

    /** Those whose last part an API has named. */
    private static final Pattern NAMED = Pattern.compile(
            "headrace[._]connectors[._\\[].*[._](?:headers|parameters)[._\\[]+(.+?)]?", Pattern.CASE_INSENSITIVE);

    private static final Pattern PROBE = Pattern.compile("headraceconnectors.*healthprobe");

    /** Those of {@link dev.headrace.http.ProxySettings#fromEnvironment}, which are URLs. */
    private static final Pattern PROXY = Pattern.compile("httpsproxy|allproxy");

    /** What stands before a secret in a header, such as Bearer; it is in too much else. */
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z-]+");

    /** A shorter one occurs in too much that has nothing to do with it; it is only found by itself. */
    private static final int SHORT = 6;

    private final List<String> secrets;

    private SecretProperties(List<String> secrets) {
        this.secrets = secrets;
    }

    /** Those that are configured by value. */
    static SecretProperties of(HeadraceProperties properties) {
        Secret key = properties.sse().signingKey();
        return new SecretProperties(Stream.concat(
                        Stream.ofNullable(key).map(Secret::reveal),
                        properties.connectors().values().stream().flatMap(SecretProperties::secrets))
                .map(SecretProperties::comparable)
                .flatMap(SecretProperties::withPieces)
                .distinct()
                .toList());
    }

    private static Stream<String> secrets(ConnectorProperties connector) {
        List<@Nullable Secret> own = new ArrayList<>();
        AuthProperties auth = connector.auth();
        if (auth != null) {
            own.add(auth.bearer() == null ? null : auth.bearer().token());
            own.add(auth.basic() == null ? null : auth.basic().password());
            own.add(auth.apiKey() == null ? null : auth.apiKey().key());
            own.add(auth.header() == null ? null : auth.header().secret());
            own.add(auth.oauth2() == null ? null : auth.oauth2().clientSecret());
            own.add(auth.oauth2() == null ? null : auth.oauth2().refreshToken());
        }
        own.add(connector.proxy() == null ? null : connector.proxy().password());
        Stream<String> named = Stream.concat(
                secretOnes(connector.headers()),
                auth == null || auth.oauth2() == null
                        ? Stream.empty()
                        : secretOnes(auth.oauth2().parameters()));
        return Stream.of(
                        own.stream().filter(Objects::nonNull).map(Secret::reveal),
                        named,
                        secretOnes(connector.health().probe()))
                .flatMap(Function.identity());
    }

    private static Stream<String> secretOnes(Map<String, String> values) {
        return values.entrySet().stream()
                .filter(entry -> Redactor.isSecretName(entry.getKey()))
                .map(Map.Entry::getValue)
                .filter(value -> !value.isEmpty());
    }

    /** The values of a query whose names speak of secrets. */
    private static Stream<String> secretOnes(@Nullable String uri) {
        return uri == null
                ? Stream.empty()
                : Arrays.stream(uri.substring(uri.indexOf('?') + 1).split("[&#]"))
                        .map(pair -> pair.split("=", 2))
                        .filter(pair -> pair.length == 2 && Redactor.isSecretName(pair[0]) && !pair[1].isEmpty())
                        .map(pair -> pair[1]);
    }

    /** The token of {@code Bearer ${TOKEN}} is a property of its own. */
    private static Stream<String> withPieces(String secret) {
        String[] pieces = secret.trim().split("\\s+");
        int first = SCHEME.matcher(pieces[0]).matches() ? 1 : 0;
        return Stream.concat(
                Stream.of(secret), Arrays.stream(pieces).skip(first).filter(piece -> piece.length() >= SHORT));
    }

    /** Whether a property must not be shown. */
    boolean hide(String key, Object value) {
        String letters = letters(key);
        String text = value.toString();
        return isSecretKey(key)
                || PROXY.matcher(letters).matches() && text.contains("@")
                || PROBE.matcher(letters).matches() && !Redactor.uri(text).equals(text)
                || occurIn(value);
    }

    /** Whether a property of that name holds a secret, in any of the spellings that Spring takes. */
    static boolean isSecretKey(String key) {
        Matcher named = NAMED.matcher(key);
        return SECRET.matcher(letters(key)).matches() || named.matches() && Redactor.isSecretName(named.group(1));
    }

    private static String letters(String key) {
        return key.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** Whether one of the secrets is in a value, alone or amid other text. */
    boolean occurIn(Object value) {
        String text = comparable(value.toString());
        return secrets.stream()
                .anyMatch(secret -> secret.length() < SHORT ? text.equals(secret) : text.contains(secret));
    }

    /** As JSON within a property has it, quotes and backslashes have backslashes before them. */
    private static String comparable(String text) {
        return text.replace("\\", "");
    }
}
