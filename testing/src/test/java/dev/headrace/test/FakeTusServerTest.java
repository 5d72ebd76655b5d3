package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FakeTusServerTest {

    private static final String TUS = "Tus-Resumable";
    private static final String TYPE = "Content-Type";
    private static final String OFFSET_TYPE = "application/offset+octet-stream";

    @Test
    void saysWhatItOffers() throws Exception {
        try (TestServer server = FakeTusServer.create().maxSize(10).start()) {
            HttpResponse<String> options = Client.send("OPTIONS", server.uri("/files"), "");

            assertThat(options.headers().firstValue("Tus-Version")).hasValue("1.0.0");
            assertThat(options.headers().firstValue("Tus-Max-Size")).hasValue("10");
            assertThat(options.headers().firstValue("Tus-Checksum-Algorithm")).hasValue("sha1,sha256");
            assertThat(options.headers().firstValue("Tus-Extension").orElse("")).contains("creation", "checksum");
        }
    }

    @Test
    void putsAnUploadTogether() throws Exception {
        FakeTusServer tus = FakeTusServer.create();
        try (TestServer server = tus.start()) {
            URI upload = created(server, "6");

            assertThat(patch(upload, 0, "abc").headers().firstValue("Upload-Offset"))
                    .hasValue("3");
            assertThat(patch(upload, 0, "abc").statusCode()).isEqualTo(409);
            HttpResponse<String> head = Client.send("HEAD", upload, "", TUS, "1.0.0");
            assertThat(head.headers().firstValue("Upload-Offset")).hasValue("3");
            assertThat(head.headers().firstValue("Upload-Length")).hasValue("6");
            assertThat(tus.onlyUpload().isComplete()).isFalse();
            assertThat(patch(upload, 3, "def").statusCode()).isEqualTo(204);

            assertThat(tus.onlyUpload().bytes()).asString().isEqualTo("abcdef");
            assertThat(tus.onlyUpload().isComplete()).isTrue();
            assertThat(tus.onlyUpload().metadata()).isEqualTo(Map.of("filename", "x.txt"));
        }
    }

    @Test
    void refusesOtherVersionsAndWrongChecksums() throws Exception {
        FakeTusServer tus = FakeTusServer.create();
        try (TestServer server = tus.start()) {
            URI upload = created(server, "3");

            assertThat(Client.send("HEAD", upload, "").statusCode()).isEqualTo(412);
            assertThat(patch(upload, 0, "abc", "Upload-Checksum", "sha1 AAAA").statusCode())
                    .isEqualTo(460);
            assertThat(tus.onlyUpload().offset()).isZero();
            assertThat(patch(upload, 0, "abc", "Upload-Checksum", "sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=")
                            .statusCode())
                    .isEqualTo(204);
        }
    }

    @Test
    void keepsWhatCameBeforeTheLineBroke() throws Exception {
        FakeTusServer tus = FakeTusServer.create().cuttingPatch(2).onRequest(1).once();
        try (TestServer server = tus.start()) {
            URI upload = created(server, "3");

            assertThatExceptionOfType(IOException.class).isThrownBy(() -> patch(upload, 0, "abc"));
            assertThat(tus.onlyUpload().bytes()).asString().isEqualTo("ab");
            assertThat(patch(upload, 2, "c").statusCode()).isEqualTo(204);
        }
    }

    @Test
    void deletesAndExpires() throws Exception {
        FakeTusServer tus =
                FakeTusServer.create().expiringOnHead(410).onRequest(1).once();
        try (TestServer server = tus.start()) {
            URI first = created(server, "3");
            assertThat(Client.send("HEAD", first, "", TUS, "1.0.0").statusCode())
                    .isEqualTo(410);
            assertThat(patch(first, 0, "abc").statusCode()).isEqualTo(410);

            URI second = created(server, "3");
            assertThat(Client.send("DELETE", second, "", TUS, "1.0.0").statusCode())
                    .isEqualTo(204);
            assertThat(patch(second, 0, "abc").statusCode()).isEqualTo(404);
            assertThat(tus.uploads()).hasSize(2).allMatch(TusUpload::isGone);
            assertThatExceptionOfType(AssertionError.class).isThrownBy(tus::onlyUpload);
        }
    }

    @Test
    void refusesASpeedOfNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FakeTusServer.create().throttlingPatch(0));
    }

    private static URI created(TestServer server, String length) throws IOException, InterruptedException {
        HttpResponse<String> created = Client.post(
                server.uri("/files"),
                "",
                TUS,
                "1.0.0",
                "Upload-Length",
                length,
                "Upload-Metadata",
                "filename eC50eHQ=");
        assertThat(created.statusCode()).isEqualTo(201);
        return server.uri(created.headers().firstValue("Location").orElseThrow());
    }

    private static HttpResponse<String> patch(URI upload, long offset, String body, String... more)
            throws IOException, InterruptedException {
        String[] headers = {TUS, "1.0.0", TYPE, OFFSET_TYPE, "Upload-Offset", Long.toString(offset)};
        String[] all =
                Stream.concat(Arrays.stream(headers), Arrays.stream(more)).toArray(String[]::new);
        return Client.send("PATCH", upload, body, all);
    }
}
