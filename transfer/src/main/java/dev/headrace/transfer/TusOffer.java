package dev.headrace.transfer;

import dev.headrace.http.Headers;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a server says about itself (tus 1.0, OPTIONS).
 *
 * @param versions of the protocol; empty if it does not say
 * @param extensions their names; empty if it does not say
 * @param maxSize the most bytes of an upload; -1 if there is no limit
 * @param algorithms of checksums
 */
record TusOffer(List<String> versions, List<String> extensions, long maxSize, List<String> algorithms) {

    /** The version spoken here. */
    static final String VERSION = "1.0.0";

    /** A server that says nothing is taken to have the core protocol and creation, without which there is no upload. */
    static final TusOffer UNKNOWN = new TusOffer(List.of(), List.of(), -1, List.of());

    private static final List<String> CHECKSUMS = List.of("sha256", "sha512", "sha1", "md5");

    static TusOffer of(Headers headers) {
        return new TusOffer(
                list(headers, "Tus-Version"),
                list(headers, "Tus-Extension"),
                headers.first("Tus-Max-Size")
                        .map(String::strip)
                        .filter(size -> size.matches("\\d{1,18}"))
                        .map(Long::parseLong)
                        .orElse(-1L),
                list(headers, "Tus-Checksum-Algorithm"));
    }

    private static List<String> list(Headers headers, String name) {
        return headers.all(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(item -> item.strip().toLowerCase(Locale.ROOT))
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private boolean speaksOurVersion() {
        return versions.isEmpty() || versions.contains(VERSION);
    }

    private boolean creates() {
        return extensions.isEmpty() || has("creation");
    }

    boolean has(String extension) {
        return extensions.contains(extension);
    }

    /** What stands in the way of an upload of this length, -1 for one that is not known yet. */
    Optional<String> misfit(long length) {
        if (!speaksOurVersion()) {
            return Optional.of("the server speaks tus " + String.join(", ", versions) + ", not " + VERSION);
        }
        if (!creates()) {
            return Optional.of("the server does not create uploads; it offers " + String.join(", ", extensions));
        }
        if (maxSize >= 0 && length > maxSize) {
            return Optional.of("the server takes at most " + maxSize + " bytes, but there are " + length);
        }
        return length >= 0 || has("creation-defer-length")
                ? Optional.empty()
                : Optional.of("the server wants to know the length of an upload beforehand; give it with the source");
    }

    /** The checksum to send, by its name in tus: the strongest that both sides know. */
    Optional<String> checksum() {
        return has("checksum") ? CHECKSUMS.stream().filter(algorithms::contains).findFirst() : Optional.empty();
    }

    /** The name of a checksum in Java. */
    static String javaName(String checksum) {
        return Stream.of("sha256", "sha512", "sha1")
                .filter(checksum::equals)
                .findFirst()
                .map(name -> "SHA-" + name.substring("sha".length()))
                .orElse("MD5");
    }
}
