package dev.headrace.capability;

import dev.headrace.http.Secret;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where a capability is in the lists of a remote, in one token for its caller: one cursor for each list, by name. So a capability that walks
 * several lists needs to remember nothing between two calls. Immutable.
 *
 * <p>The token is JSON with a version in base64url without padding (RFC 4648 §5), at most 64 KiB. It is opaque, but anyone can read it and
 * make another one; one that is {@linkplain #signed(Secret) signed} (HMAC-SHA256, RFC 2104) cannot be made by others, but still be read. So
 * cursors should hold no secret.
 */
public final class ContinuationToken {

    private static final int VERSION = 1;
    private static final int LONGEST = 64 * 1024;
    private static final char BEFORE_SIGNATURE = '.';
    private static final String ALGORITHM = "HmacSHA256";
    private static final String ADVICE = "; take the token of the last response as it is, or begin without one";
    private static final ContinuationToken EMPTY = new ContinuationToken(Map.of());

    private final Map<String, String> cursors;

    /** What is in the token; short names, for it travels in URLs. */
    private record Content(int v, Map<String, String> c) {}

    private ContinuationToken(Map<String, String> cursors) {
        this.cursors = cursors;
    }

    /**
     * Without any cursor: everything begins.
     *
     * @return the token
     */
    public static ContinuationToken empty() {
        return EMPTY;
    }

    /**
     * Reads a token that was not signed.
     *
     * @param text what {@link #text()} gave; null or empty for {@link #empty()}
     * @return the token
     * @throws CapabilityException with {@link ErrorCode#BAD_REQUEST} if it is no such token, of another version, signed, or too long
     */
    public static ContinuationToken parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return EMPTY;
        }
        checkLength(text);
        if (text.indexOf(BEFORE_SIGNATURE) >= 0) {
            throw refused("is signed, which is not done here");
        }
        return read(text);
    }

    /**
     * Reads a signed token.
     *
     * @param text what {@link #signed(Secret)} gave; null or empty for {@link #empty()}
     * @param key what it was signed with
     * @return the token
     * @throws CapabilityException with {@link ErrorCode#BAD_REQUEST} if it is no such token, of another version, not signed by this key, or
     *     too long
     */
    public static ContinuationToken parse(@Nullable String text, Secret key) {
        Objects.requireNonNull(key, "key");
        if (text == null || text.isEmpty()) {
            return EMPTY;
        }
        checkLength(text);
        int end = text.lastIndexOf(BEFORE_SIGNATURE);
        String content = end < 0 ? text : text.substring(0, end);
        byte[] given = text.substring(end + 1).getBytes(StandardCharsets.UTF_8);
        byte[] expected = signature(content, key).getBytes(StandardCharsets.UTF_8);
        // In constant time, so that nobody finds a signature by measuring.
        if (end < 0 || !MessageDigest.isEqual(expected, given)) {
            throw refused("is not signed as it should be");
        }
        return read(content);
    }

    private static void checkLength(String text) {
        if (text.length() > LONGEST) {
            throw refused("is longer than 64 KiB");
        }
    }

    private static ContinuationToken read(String content) {
        JsonNode document;
        try {
            document = Json.tree(Base64.getUrlDecoder().decode(content));
        } catch (IllegalArgumentException | DecodingException e) {
            throw refused("was not made here");
        }
        JsonNode version = document.path("v");
        JsonNode members = document.path("c");
        if (!version.isInt() || !members.isObject()) {
            throw refused("was not made here");
        }
        if (version.intValue() != VERSION) {
            throw refused("is of version " + version.intValue() + ", but this is version " + VERSION);
        }
        Map<String, String> cursors = new TreeMap<>();
        members.forEachEntry((of, cursor) -> {
            if (!cursor.isString()) {
                throw refused("was not made here");
            }
            cursors.put(of, cursor.stringValue());
        });
        return new ContinuationToken(cursors);
    }

    private static CapabilityException refused(String problem) {
        return BadRequest.because("The page token " + problem + ADVICE);
    }

    /**
     * The cursor of a list.
     *
     * @param of the list's name, as given to {@link #with}
     * @return the cursor; empty if there is none
     */
    public Optional<String> cursor(String of) {
        return Optional.ofNullable(cursors.get(of));
    }

    /**
     * This token with the cursor of a list, in place of one before.
     *
     * @param of a name for the list
     * @param cursor where it goes on
     * @return a new token
     */
    public ContinuationToken with(String of, String cursor) {
        Map<String, String> changed = new TreeMap<>(cursors);
        changed.put(Objects.requireNonNull(of, "of"), Objects.requireNonNull(cursor, "cursor"));
        return new ContinuationToken(changed);
    }

    /**
     * This token without the cursor of a list.
     *
     * @param of the list's name
     * @return a new token
     */
    public ContinuationToken without(String of) {
        Map<String, String> changed = new TreeMap<>(cursors);
        changed.remove(of);
        return new ContinuationToken(changed);
    }

    /**
     * Whether there is no cursor.
     *
     * @return true if so
     */
    public boolean isEmpty() {
        return cursors.isEmpty();
    }

    /**
     * The token as text. The same cursors give the same text.
     *
     * @return for {@link #parse(String)}; empty if there is no cursor
     * @throws IllegalStateException if it is longer than 64 KiB
     */
    public String text() {
        return checked(content());
    }

    /**
     * The token as text that nobody without the key can make or change.
     *
     * @param key any secret; a random one of 32 bytes or more is best (RFC 2104 §3)
     * @return for {@link #parse(String, Secret)}; empty if there is no cursor
     * @throws IllegalStateException if it is longer than 64 KiB
     */
    public String signed(Secret key) {
        String content = content();
        return content.isEmpty() ? "" : checked(content + BEFORE_SIGNATURE + signature(content, key));
    }

    private String content() {
        return isEmpty() ? "" : base64(Json.write(new Content(VERSION, cursors)));
    }

    /** What would be refused when it comes back should not be given away. */
    private static String checked(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalStateException("A page token must not be longer than 64 KiB, but this one has "
                    + text.length() + " characters; keep less in its cursors");
        }
        return text;
    }

    private static String signature(String content, Secret key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return base64(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContinuationToken token && cursors.equals(token.cursors);
    }

    @Override
    public int hashCode() {
        return cursors.hashCode();
    }

    /** The names only: cursors may hold what is nobody's business. */
    @Override
    public String toString() {
        return "ContinuationToken" + cursors.keySet();
    }
}
