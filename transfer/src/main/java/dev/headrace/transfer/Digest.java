package dev.headrace.transfer;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The digest that a complete file must have. A value.
 *
 * <p>{@link #toString()} and {@link #parse} use the form {@code sha256:9f86d0…}.
 */
public final class Digest {

    /** The best first. CRC-32C is before MD5 as both serve against accidents alone, and it is twenty times as fast. */
    enum Algorithm {
        SHA512("SHA-512", 64),
        SHA256("SHA-256", 32),
        CRC32C(Crc32c.NAME, 4),
        MD5("MD5", 16);

        private final String jdkName;
        private final int length;

        Algorithm(String jdkName, int length) {
            this.jdkName = jdkName;
            this.length = length;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Its key in the registry of RFC 9530 §7.2. */
        String registered() {
            return jdkName.toLowerCase(Locale.ROOT);
        }
    }

    private final Algorithm algorithm;
    private final String hex;

    private Digest(Algorithm algorithm, String hex) {
        String lower = hex.toLowerCase(Locale.ROOT);
        if (lower.length() != 2 * algorithm.length || !lower.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("A digest " + algorithm.text() + " has " + 2 * algorithm.length
                    + " hexadecimal digits, unlike '" + hex + "'");
        }
        this.algorithm = algorithm;
        this.hex = lower;
    }

    static Digest of(Algorithm algorithm, byte[] value) {
        return new Digest(algorithm, HexFormat.of().formatHex(value));
    }

    /**
     * A SHA-256 digest.
     *
     * @param hex 64 hexadecimal digits, in any case
     * @return the digest
     * @throws IllegalArgumentException if it is anything else
     */
    public static Digest sha256(String hex) {
        return new Digest(Algorithm.SHA256, hex);
    }

    /**
     * A SHA-512 digest.
     *
     * @param hex 128 hexadecimal digits, in any case
     * @return the digest
     * @throws IllegalArgumentException if it is anything else
     */
    public static Digest sha512(String hex) {
        return new Digest(Algorithm.SHA512, hex);
    }

    /**
     * An MD5 digest: good against accidents, not against an attacker.
     *
     * @param hex 32 hexadecimal digits, in any case
     * @return the digest
     * @throws IllegalArgumentException if it is anything else
     */
    public static Digest md5(String hex) {
        return new Digest(Algorithm.MD5, hex);
    }

    /**
     * A CRC-32C (RFC 9260, appendix A): a checksum good against accidents alone, and the cheapest to compute by far.
     *
     * @param hex 8 hexadecimal digits, in any case
     * @return the digest
     * @throws IllegalArgumentException if it is anything else
     */
    public static Digest crc32c(String hex) {
        return new Digest(Algorithm.CRC32C, hex);
    }

    /**
     * A digest from its text form.
     *
     * @param text such as {@code sha256:9f86d0…}; {@code sha256}, {@code sha512}, {@code md5} or {@code crc32c}
     * @return the digest
     * @throws IllegalArgumentException if it is anything else
     */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(0, colon);
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.text().equalsIgnoreCase(name)) {
                return new Digest(algorithm, text.substring(colon + 1));
            }
        }
        throw new IllegalArgumentException(
                "Not a digest: '" + text + "'; write sha256:HEX, sha512:HEX, md5:HEX or crc32c:HEX");
    }

    /**
     * The digest alone.
     *
     * @return hexadecimal digits in lower case
     */
    public String hex() {
        return hex;
    }

    /** What computes a digest of the same algorithm. */
    DigestState newState() {
        return new DigestState(this);
    }

    MessageDigest newMessageDigest() {
        if (algorithm == Algorithm.CRC32C) {
            return new Crc32c();
        }
        try {
            return MessageDigest.getInstance(algorithm.jdkName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has " + algorithm.jdkName, e);
        }
    }

    static byte[] sha256Of(byte[] bytes) {
        try {
            return MessageDigest.getInstance(Algorithm.SHA256.jdkName).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** A digest of the same algorithm with the bytes computed. */
    Digest ofSameKind(byte[] computed) {
        return of(algorithm, computed);
    }

    Algorithm algorithm() {
        return algorithm;
    }

    boolean isCrc32c() {
        return algorithm == Algorithm.CRC32C;
    }

    /** Whether the text of another digest is of the same kind and says something else. */
    boolean contradicts(@Nullable String other) {
        return other != null && other.startsWith(algorithm.text() + ":") && !other.equals(toString());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest digest && algorithm == digest.algorithm && hex.equals(digest.hex);
    }

    @Override
    public int hashCode() {
        return hex.hashCode();
    }

    @Override
    public String toString() {
        return algorithm.text() + ":" + hex;
    }
}
