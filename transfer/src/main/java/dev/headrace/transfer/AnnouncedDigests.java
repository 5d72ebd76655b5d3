package dev.headrace.transfer;

import dev.headrace.http.Headers;
import dev.headrace.transfer.Digest.Algorithm;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a response says about the digest of the whole representation.
 *
 * <p>Read are {@code Repr-Digest} (RFC 9530 §3), {@code x-goog-hash} of Google Cloud Storage, and on a 200 alone, where the message is the
 * whole, {@code Content-Digest} (RFC 9530 §2), {@code x-amz-checksum-*} of Amazon S3 and {@code Content-MD5} (RFC 1864). Of the algorithms in
 * the registry of RFC 9530 those that it calls active are taken, and of the deprecated ones MD5 and CRC-32C: nothing here defends against an
 * attacker, who could change the field as well as the bytes. Others are passed over. Not read is {@code Digest} (RFC 3230): it is
 * obsolete, and its senders never agreed on what it covers and how it is written, so that it could condemn a good file.
 *
 * <p>A field that is malformed is ignored as a whole, not believed in part.
 *
 * @param best the digest by the best algorithm; null if none was announced
 * @param header the name of the field that it came from; null if none
 * @param malformed the names of fields that were ignored because they are malformed, in lower case
 */
record AnnouncedDigests(@Nullable Digest best, @Nullable String header, List<String> malformed) {

    private static final String AMAZON = "x-amz-checksum-";
    private static final String GOOGLE = "x-goog-hash";

    /**
     * Reads the fields of a response.
     *
     * @param status its status: nothing is announced but on a 200 and a 206
     * @param headers its fields
     * @return what they say
     */
    static AnnouncedDigests of(int status, Headers headers) {
        Reading reading = new Reading(headers);
        if (status == 200 || status == 206) {
            reading.structured("repr-digest");
            reading.google();
        }
        if (status == 200) {
            reading.structured("content-digest");
            reading.amazon();
            reading.contentMd5();
        }
        return new AnnouncedDigests(reading.best, reading.header, List.copyOf(reading.malformed));
    }

    private static final class Reading {

        private final Headers headers;
        private final List<String> malformed = new ArrayList<>();
        private @Nullable Digest best;
        private @Nullable String header;

        Reading(Headers headers) {
            this.headers = headers;
        }

        void structured(String name) {
            field(name, lines -> {
                List<Digest> digests = new ArrayList<>();
                Map<String, byte[]> members = ByteSequenceDictionary.parse(lines);
                for (Algorithm algorithm : Algorithm.values()) {
                    byte[] value = members.get(algorithm.registered());
                    if (value != null) {
                        digests.add(Digest.of(algorithm, value));
                    }
                }
                return digests;
            });
        }

        void google() {
            // What is stored compressed is sent decompressed to whoever asks for identity; the hash is of what is
            // stored.
            if (!headers.first("x-goog-stored-content-encoding")
                    .orElse("identity")
                    .equalsIgnoreCase("identity")) {
                return;
            }
            field(GOOGLE, lines -> {
                Map<String, String> hashes = new LinkedHashMap<>();
                for (String hash : String.join(",", lines).split(",", -1)) {
                    // RFC 9110 §5.6.1.2: empty elements of a list are passed over.
                    if (hash.isBlank()) {
                        continue;
                    }
                    int equals = hash.indexOf('=');
                    if (equals < 0) {
                        throw new IllegalArgumentException("A hash without a value");
                    }
                    hashes.put(
                            hash.substring(0, equals).strip(),
                            hash.substring(equals + 1).strip());
                }
                List<Digest> digests = new ArrayList<>();
                for (Algorithm algorithm : List.of(Algorithm.CRC32C, Algorithm.MD5)) {
                    String value = hashes.get(algorithm.text());
                    if (value != null) {
                        digests.add(decoded(algorithm, value));
                    }
                }
                return digests;
            });
        }

        void amazon() {
            if (headers.first(AMAZON + "type").orElse("").equalsIgnoreCase("COMPOSITE")) {
                return;
            }
            for (Algorithm algorithm : Algorithm.values()) {
                field(AMAZON + algorithm.text(), lines -> {
                    String value = only(lines);
                    // A checksum over the checksums of so many parts.
                    return value.matches(".*-[0-9]+") ? List.of() : List.of(decoded(algorithm, value));
                });
            }
        }

        void contentMd5() {
            field("content-md5", lines -> List.of(decoded(Algorithm.MD5, only(lines))));
        }

        private void field(String name, Reader reader) {
            List<String> lines = headers.all(name);
            if (lines.isEmpty()) {
                return;
            }
            try {
                reader.digestsIn(lines).forEach(digest -> offer(digest, name));
            } catch (IllegalArgumentException notSo) {
                malformed.add(name);
            }
        }

        private void offer(Digest digest, String name) {
            if (best == null || digest.algorithm().compareTo(best.algorithm()) < 0) {
                best = digest;
                header = name;
            }
        }

        private static String only(List<String> lines) {
            if (lines.stream().distinct().count() > 1) {
                throw new IllegalArgumentException("Two values for one");
            }
            return lines.get(0).strip();
        }

        private static Digest decoded(Algorithm algorithm, String base64) {
            return Digest.of(algorithm, Base64.getDecoder().decode(base64));
        }
    }

    @FunctionalInterface
    private interface Reader {

        /** Throws {@link IllegalArgumentException} for a malformed field. */
        List<Digest> digestsIn(List<String> lines);
    }
}
