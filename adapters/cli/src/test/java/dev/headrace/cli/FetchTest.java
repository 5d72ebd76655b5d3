package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.RangeFile;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchTest {

    @Test
    void writesTheBodyByteForByteWhateverItIs() {
        RangeFile file = RangeFile.ofSize(300_000);

        try (TestServer server = file.start()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Ran ran = Ran.into(out, "", "fetch", server.url() + "/a.bin");

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.err()).isEmpty();
            assertThat(out.toByteArray()).isEqualTo(file.bytes(0, 300_000));
        }
    }

    @Test
    void sendsTheQueryOfTheUrlLiterallyAndAppendsWhatIsGivenBesides() {
        try (TestServer server = Route.fixed(200, "text/plain", "ok").start()) {
            Ran ran = Ran.headrace("fetch", server.url() + "/a%20b?x=1+2&y={z}#part", "-q", "q=a&b = c", "-q", "e=");

            assertThat(ran.out()).isEqualTo("ok");
            assertThat(only(server).uri()).isEqualTo("/a%20b?x=1+2&y=%7Bz%7D&q=a%26b%20%3D%20c&e=");
        }
    }

    @Test
    void sendsEveryHeaderThatIsGiven() {
        try (TestServer server = Route.fixed(200, "text/plain", "ok").start()) {
            Ran ran = Ran.headrace("fetch", server.url(), "-H", "X-One: a:b", "-H", "X-Two:1", "-H", "X-Two: 2");

            assertThat(ran.exitCode()).isZero();
            assertThat(only(server).header("X-One")).contains("a:b");
            assertThat(only(server).headers("X-Two")).containsExactly("1", "2");
        }
    }

    @Test
    void postsDataFromAnArgumentStandardInputOrAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("body.json"), "{\"from\":\"file\"}");

        try (TestServer server = Route.fixed(200, "text/plain", "ok").start()) {
            Ran.headrace("fetch", server.url(), "-d", "text ü");
            Ran.withInput("{\"from\":\"stdin\"}", "fetch", server.url(), "-d", "-", "--json");
            Ran.headrace("fetch", server.url(), "-X", "PUT", "-d", "@" + file);

            assertThat(server.requests()).extracting(RecordedRequest::method).containsExactly("POST", "POST", "PUT");
            assertThat(server.requests())
                    .extracting(RecordedRequest::body)
                    .containsExactly("text ü", "{\"from\":\"stdin\"}", "{\"from\":\"file\"}");
            assertThat(server.requests().get(1).header("Content-Type")).contains("application/json");
            assertThat(server.requests().get(2).header("Content-Type")).contains("application/octet-stream");
        }
    }

    @Test
    void doesNotReadOnWhileStandardOutputStandsStill() throws Exception {
        RangeFile file = RangeFile.ofSize(1L << 30);
        SlowPipe pipe = SlowPipe.stuckAfter(1);

        try (TestServer server =
                TestServer.builder().route("/**", file).sendBuffer(64 * 1024).start()) {
            Thread run = new Thread(() -> Ran.into(pipe, "", "fetch", server.url() + "/big"));
            run.start();
            server.awaitRequests(1, Duration.ofSeconds(10));
            long sent = settled(server);

            assertThat(sent).isLessThan(32L << 20);
            pipe.leave();
            run.join(10_000);
            server.awaitNoOpenConnections(Duration.ofSeconds(5));
        }
    }

    private static long settled(TestServer server) {
        AtomicLong before = new AtomicLong(-1);
        Awaitility.await().pollInterval(Duration.ofMillis(300)).until(() -> {
            long now = server.bytesSent();
            return before.getAndSet(now) == now && now > 0;
        });
        return before.get();
    }

    private static RecordedRequest only(TestServer server) {
        assertThat(server.requests()).hasSize(1);
        return server.requests().get(0);
    }
}
