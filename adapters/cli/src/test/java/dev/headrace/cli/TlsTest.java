package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.Route;
import dev.headrace.test.TestCertificate;
import dev.headrace.test.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

    private static final TestCertificate AUTHORITY = TestCertificate.authority("headrace-cli-test");

    @TempDir
    Path directory;

    @Test
    void trustsTheAuthorityOfAFileAndNobodyElse() throws IOException {
        try (TestServer ours = tls(AUTHORITY.issueServer("127.0.0.1")).start();
                TestServer another = tls(TestCertificate.authority("another").issueServer("127.0.0.1"))
                        .start()) {
            String authority = file("ca.pem", AUTHORITY.pem());

            assertThat(Ran.headrace("fetch", ours.url(), "--cacert", authority).out())
                    .isEqualTo("ok");
            Ran refused = Ran.headrace("fetch", another.url(), "--cacert", authority);
            assertThat(refused.exitCode()).isEqualTo(3);
            assertThat(refused.out()).isEmpty();
        }
    }

    @Test
    void namesTheOptionThatTrustsAnAuthority() {
        try (TestServer server = tls(AUTHORITY.issueServer("127.0.0.1")).start()) {
            Ran ran = Ran.headrace("fetch", server.url());

            assertThat(ran.exitCode()).isEqualTo(3);
            assertThat(ran.err())
                    .contains("is not trusted")
                    .contains("--cacert FILE")
                    .doesNotContain("TlsSettings")
                    .hasLineCount(1);
        }
    }

    @Test
    void warnsOnceWhenItTrustsWhoeverAnswers() {
        try (TestServer server = tls(AUTHORITY.issueServer("another.example")).start()) {
            Ran ran = Ran.headrace("fetch", server.url(), "--insecure");

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.out()).isEqualTo("ok");
            assertThat(ran.err())
                    .startsWith("headrace: warning: ")
                    .contains("--insecure")
                    .hasLineCount(1);
        }
    }

    @Test
    void showsTheClientCertificateOfTwoFilesOrOfOne() throws IOException {
        TestCertificate client = AUTHORITY.issueClient("ada");
        String authority = file("ca.pem", AUTHORITY.pem());
        String certificate = file("client.pem", client.pem());
        String key = file("client.key", client.keyPem());
        String both = file("both.pem", client.pem() + client.keyPem());

        try (TestServer server = tls(AUTHORITY.issueServer("127.0.0.1"))
                .requireClientCertificate(AUTHORITY)
                .start()) {
            String[] command = {"fetch", server.url(), "--cacert", authority, "--retry", "0"};

            assertThat(Ran.headrace(command).exitCode()).isNotZero();
            assertThat(Ran.and(command, "--cert", certificate, "--key", key).out())
                    .isEqualTo("ok");
            assertThat(Ran.and(command, "--cert", both).out()).isEqualTo("ok");
        }
    }

    @Test
    void saysWhichFileIsNotWhatItShouldBe() throws IOException {
        TestCertificate client = AUTHORITY.issueClient("ada");
        String certificate = file("client.pem", client.pem());
        String encrypted = file("encrypted.key", client.keyPem("pw"));
        String nonsense = file("nonsense.pem", "nonsense");
        String missing = directory.resolve("missing.pem").toString();

        refuses(missing, "--cacert", missing);
        refuses(nonsense, "--cacert", nonsense);
        refuses(missing, "--cert", certificate, "--key", missing);
        refuses(encrypted, "--cert", certificate, "--key", encrypted);
        refuses(certificate, "--cert", certificate);
    }

    private static void refuses(String file, String... options) {
        for (String command : new String[] {"fetch", "records", "events", "download", "check"}) {
            Ran ran = Ran.and(new String[] {command, "https://127.0.0.1:1/x"}, options);

            assertThat(ran.exitCode()).isEqualTo(3);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err()).contains("The file " + file).hasLineCount(1);
        }
    }

    private static TestServer.Builder tls(TestCertificate certificate) {
        return TestServer.builder().tls(certificate).route("/**", Route.fixed(200, "text/plain", "ok"));
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content).toString();
    }
}
