package dev.headrace.http;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * A value that must never be printed: a token, a password, a key.
 *
 * <p>{@link #toString()} is {@code •••}. Only {@link #reveal()} gives the value, at the line that puts it on the wire.
 */
public final class Secret {

    /** What is printed in place of any secret. */
    public static final String MASK = "•••";

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /**
     * A secret from a value already at hand.
     *
     * @param value the secret itself
     * @return the secret
     * @throws IllegalArgumentException if the value is empty
     */
    public static Secret of(String value) {
        Objects.requireNonNull(value, "value");
        if (value.isEmpty()) {
            throw new IllegalArgumentException("A secret must not be empty");
        }
        return new Secret(value);
    }

    /**
     * A secret from an environment variable, read now.
     *
     * @param variable the variable's name
     * @return the secret
     * @throws HeadraceException of kind {@link FailureKind#CONFIGURATION} if the variable is not set or empty
     */
    public static Secret environment(String variable) {
        String value = System.getenv(variable);
        if (value == null || value.isEmpty()) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "The environment variable " + variable + " is not set; export it with the secret as its value",
                    null);
        }
        return new Secret(value);
    }

    /**
     * The value itself, to be put on the wire and nowhere else.
     *
     * @return the value
     */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        // Compares in constant time, so that nobody learns a prefix by measuring.
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return MASK;
    }
}
