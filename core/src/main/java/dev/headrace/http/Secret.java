package dev.headrace.http;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.SchemaField;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A value that must never be printed: a token, a password, a key.
 *
 * <p>{@link #toString()} is {@code •••}. Only {@link #reveal()} gives the value, at the line that puts it on the wire.
 *
 * <p>In JSON it is read from a text, so records of settings may have secrets in them; an empty text is a
 * {@link dev.headrace.json.DecodingException} that names the place. It is written as {@code •••}, never as its value.
 */
@SchemaField(secret = true)
public final class Secret {

    /** What is printed in place of any secret. */
    public static final String MASK = "•••";

    private static final int FILE_LIMIT = 64 * 1024;

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
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
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
     * A secret from a file, read now; for a file that may change there is {@link #readEachTime}. White space around it, such as the line end
     * that editors add, does not belong to it.
     *
     * <p>Blocks while the file is read.
     *
     * @param file text in UTF-8, at most 64 KiB
     * @return the secret
     * @throws HeadraceException of kind {@link FailureKind#CONFIGURATION} if the file cannot be read, is no such text, or is empty; without
     *     any of its content
     */
    public static Secret file(Path file) {
        String value;
        try (InputStream content = Files.newInputStream(file)) {
            byte[] bytes = content.readNBytes(FILE_LIMIT + 1);
            if (bytes.length > FILE_LIMIT) {
                throw unreadable(file, "is larger than 64 KiB; is it the right one?", null);
            }
            value = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .strip();
        } catch (NoSuchFileException e) {
            throw unreadable(file, "does not exist", e);
        } catch (CharacterCodingException e) {
            throw unreadable(file, "is not text in UTF-8", e);
        } catch (IOException e) {
            throw unreadable(file, "cannot be read; check who may", e);
        }
        if (value.isEmpty()) {
            throw unreadable(file, "is empty; put the secret in it", null);
        }
        return new Secret(value);
    }

    /**
     * A secret that is read from a file anew each time it is needed, so that whoever rotates it need only write the file.
     *
     * @param file as for {@link #file}
     * @return the secret, read at each subscription on {@link Schedulers#boundedElastic()}; errors as {@link #file} does
     */
    public static Mono<Secret> readEachTime(Path file) {
        Objects.requireNonNull(file, "file");
        return Mono.defer(() -> Mono.fromCallable(() -> file(file)).subscribeOn(Schedulers.boundedElastic()));
    }

    private static HeadraceException unreadable(Path file, String problem, @Nullable IOException cause) {
        return new HeadraceException(FailureKind.CONFIGURATION, "The secret's file " + file + " " + problem, cause);
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
    @JsonValue
    public String toString() {
        return MASK;
    }
}
