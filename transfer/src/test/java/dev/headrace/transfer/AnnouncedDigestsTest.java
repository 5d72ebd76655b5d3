package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.headrace.http.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

// case 64
class AnnouncedDigestsTest {

    private static final Digest SHA256 = computed(Digest.sha256("00".repeat(32)));
    private static final Digest SHA512 = computed(Digest.sha512("00".repeat(64)));
    private static final Digest MD5 = computed(Digest.md5("00".repeat(16)));
    private static final Digest CRC32C = Digest.crc32c("e3069283");

    private static Digest computed(Digest kind) {
        DigestState state = kind.newState();
        state.update(ByteBuffer.wrap("123456789".getBytes(StandardCharsets.US_ASCII)));
        return state.finish();
    }

    private static String base64(Digest digest) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(digest.hex()));
    }

    private static String member(String key, Digest digest) {
        return key + "=:" + base64(digest) + ":";
    }

    private static String sha256() {
        return member("sha-256", SHA256);
    }

    private static Arguments row(int status, @Nullable Digest best, @Nullable String header, String... fields) {
        return arguments(status, best, header, Headers.of(fields));
    }

    static Stream<Arguments> understood() {
        return Stream.of(
                row(200, SHA256, "repr-digest", "Repr-Digest", sha256()),
                row(206, SHA256, "repr-digest", "Repr-Digest", sha256()),
                row(200, SHA512, "repr-digest", "Repr-Digest", sha256() + ", " + member("sha-512", SHA512)),
                row(200, SHA512, "repr-digest", "Repr-Digest", member("sha-512", SHA512) + " \t,\t" + sha256() + "  "),
                row(200, SHA512, "repr-digest", "Repr-Digest", sha256(), "Repr-Digest", member("sha-512", SHA512)),
                row(200, MD5, "repr-digest", "Repr-Digest", member("md5", MD5)),
                row(200, CRC32C, "repr-digest", "Repr-Digest", member("md5", MD5) + "," + member("crc32c", CRC32C)),
                row(200, SHA256, "repr-digest", "Repr-Digest", "new-one=:AAAA:, " + sha256()),
                row(
                        200,
                        SHA256,
                        "repr-digest",
                        "Repr-Digest",
                        "  " + sha256() + ";a; b=1.5;c=\"x\\\"y\";d=t/k:n;e=:AA==:;f=?1"),
                row(200, SHA256, "repr-digest", "Repr-Digest", "sha-256=:AAAA:, " + sha256()),
                row(200, SHA256, "repr-digest", "Repr-Digest", sha256().replaceAll("=+:$", ":")),
                row(200, null, null, "Repr-Digest", ""),
                row(200, null, null, "Repr-Digest", "unixsum=:AAAA:"),
                row(200, SHA256, "content-digest", "Content-Digest", sha256()),
                row(206, null, null, "Content-Digest", sha256()),
                row(206, SHA256, "repr-digest", "Content-Digest", member("sha-512", SHA512), "Repr-Digest", sha256()),
                row(
                        200,
                        SHA512,
                        "content-digest",
                        "Content-Digest",
                        member("sha-512", SHA512),
                        "Repr-Digest",
                        sha256()),
                row(200, MD5, "content-md5", "Content-MD5", base64(MD5)),
                row(200, MD5, "content-md5", "Content-MD5", base64(MD5), "Content-MD5", base64(MD5)),
                row(206, null, null, "Content-MD5", base64(MD5)),
                row(200, CRC32C, "x-goog-hash", "x-goog-hash", "crc32c=4waSgw==,md5=" + base64(MD5)),
                row(206, CRC32C, "x-goog-hash", "x-goog-hash", "md5=" + base64(MD5), "x-goog-hash", "crc32c=4waSgw=="),
                row(200, CRC32C, "x-goog-hash", "x-goog-hash", ", crc32c=4waSgw==,,"),
                row(200, MD5, "x-goog-hash", "x-goog-hash", "sha9=abc, md5=" + base64(MD5)),
                row(
                        200,
                        CRC32C,
                        "x-goog-hash",
                        "x-goog-hash",
                        "crc32c=4waSgw==",
                        "x-goog-stored-content-encoding",
                        "identity"),
                row(200, null, null, "x-goog-hash", "crc32c=4waSgw==", "x-goog-stored-content-encoding", "gzip"),
                row(200, SHA256, "x-amz-checksum-sha256", "x-amz-checksum-sha256", base64(SHA256)),
                row(
                        200,
                        CRC32C,
                        "x-amz-checksum-crc32c",
                        "x-amz-checksum-crc32c",
                        "4waSgw==",
                        "x-amz-checksum-type",
                        "FULL_OBJECT"),
                row(200, null, null, "x-amz-checksum-crc32c", "4waSgw==", "x-amz-checksum-type", "COMPOSITE"),
                row(200, null, null, "x-amz-checksum-crc32c", "4waSgw==-3"),
                row(200, null, null, "x-amz-checksum-crc64nvme", "AAAAAAAAAAA="),
                row(206, null, null, "x-amz-checksum-crc32c", "4waSgw=="),
                row(200, null, null, "Digest", "SHA-256=" + base64(SHA256)),
                row(404, null, null, "Repr-Digest", sha256(), "Content-MD5", base64(MD5)),
                row(200, null, null, "Content-Type", "text/plain"));
    }

    @ParameterizedTest
    @MethodSource("understood")
    void theBestDigestOfTheWholeIsChosen(int status, @Nullable Digest best, @Nullable String header, Headers headers) {
        assertThat(AnnouncedDigests.of(status, headers)).isEqualTo(new AnnouncedDigests(best, header, List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha-256",
                "sha-256=",
                "sha-256=abc",
                "sha-256=1",
                "sha-256=:AAAA",
                "sha-256=:AAAA:",
                "sha-256=:A:",
                "sha-256=:AA=A:",
                "sha-256=:-_AA:",
                "sha-256 =:AAAA:",
                "SHA-256=:AAAA:",
                "md5=:AAAAAAAAAAAAAAAAAAAAAA==:,",
                ",md5=:AAAAAAAAAAAAAAAAAAAAAA==:",
                "md5=:AAAAAAAAAAAAAAAAAAAAAA==:,,a=:AA==:",
                "md5=:AAAAAAAAAAAAAAAAAAAAAA==: a=:AA==:",
                "md5=:AAAAAAAAAAAAAAAAAAAAAA==:;",
                "md5=:AAAAAAAAAAAAAAAAAAAAAA==:;A",
                "md5=:AAAAAAAAAAAAAAAAAAAAAA==:;a=\"x",
                "md5=:AAAAAAAAAAAAAAAAAAAAAA==:, sha-256=(:AA==:)",
                "\tmd5=:AAAAAAAAAAAAAAAAAAAAAA==:",
            })
    void aMalformedFieldIsIgnoredAsAWhole(String value) {
        Headers headers = Headers.of("Repr-Digest", value, "Content-MD5", base64(MD5));

        assertThat(AnnouncedDigests.of(200, headers))
                .isEqualTo(new AnnouncedDigests(MD5, "content-md5", List.of("repr-digest")));
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("content-digest", "sha-256"),
                arguments("content-md5", "900150983cd24fb0d6963f7d28e17f72"),
                arguments("content-md5", "AAAA"),
                arguments("content-md5", "???"),
                arguments("x-goog-hash", "crc32c"),
                arguments("x-goog-hash", "crc32c=4waSgw==,md5=AAAA"),
                arguments("x-goog-hash", "crc32c=4waSgw==,md5"),
                arguments("x-amz-checksum-sha256", "4waSgw=="),
                arguments("x-amz-checksum-crc32c", "e3069283"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aMalformedFieldOfAnyKindIsReported(String name, String value) {
        assertThat(AnnouncedDigests.of(200, Headers.of(name, value)))
                .isEqualTo(new AnnouncedDigests(null, null, List.of(name)));
    }

    @Test
    void twoValuesWhereOneMayBeAreMalformed() {
        Headers headers = Headers.of("Content-MD5", base64(MD5), "Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==");

        assertThat(AnnouncedDigests.of(200, headers).malformed()).containsExactly("content-md5");
        assertThat(AnnouncedDigests.of(200, headers).best()).isNull();
    }

    @Test
    void aLongFieldNeedsNoDeepStack() {
        String value = sha256() + ";a=\"" + "\\\"".repeat(500_000) + "\"";

        assertThat(AnnouncedDigests.of(200, Headers.of("Repr-Digest", value)).malformed())
                .isEmpty();
    }
}
