package dev.headrace.test;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The answer of a {@link FakeTusServer}, with what faults do to the upload. */
final class TusAnswer extends Answer {

    private static final Map<String, String> ALGORITHMS =
            Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256", "sha512", "SHA-512");

    private final long began = System.nanoTime();

    /** By which the upload knows the request. */
    int writer;

    boolean stores = true;
    boolean mismatches;
    boolean hidesLocation;

    /** Status that the upload is answered from now on; 0 for none. */
    int expires;

    /** Put before the path of a new upload. */
    @Nullable
    String prefix;

    /** Holds the reading back to the speed asked for. */
    Mono<Void> pause(long bytesSoFar) {
        if (bytesPerSecond == Long.MAX_VALUE) {
            return Mono.empty();
        }
        long due = (long) (1e9 * bytesSoFar / bytesPerSecond) - (System.nanoTime() - began);
        return due <= 0 ? Mono.empty() : Mono.delay(Duration.ofNanos(due)).then();
    }

    /** Whether bytes have a checksum such as {@code sha1 Kq5s…}. */
    static boolean fits(byte[] bytes, String checksum) {
        String[] parts = checksum.split(" ", 2);
        try {
            byte[] actual = MessageDigest.getInstance(ALGORITHMS.getOrDefault(parts[0], parts[0]))
                    .digest(bytes);
            return parts.length == 2
                    && Base64.getEncoder().encodeToString(actual).equals(parts[1]);
        } catch (NoSuchAlgorithmException e) {
            return false;
        }
    }
}
