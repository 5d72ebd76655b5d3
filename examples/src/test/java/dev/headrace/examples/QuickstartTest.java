package dev.headrace.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.http.TransportException;
import dev.headrace.test.RecordedRequest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuickstartTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @Test
    void keepsItsPromisesAndSaysSo() {
        try (DemoServer demo = DemoServer.start(0, Pace.brisk())) {
            List<String> promises = Quickstart.run(demo.url(), out);

            assertThat(promises)
                    .containsExactly(
                            "Pages     400 issues from 8 pages, 1 sent again after a 429",
                            "Events    12 events over 2 reconnections, none lost, none twice",
                            "Download  5000000 bytes, resumed 2 times, SHA-256 as it should be");
            assertThat(demo.requests().stream().flatMap(request -> request.header("Last-Event-ID").stream()))
                    .containsExactly("4", "8");
            // Each resume asks for the last 64 KiB on disk once more, from a multiple of 64 KiB on, and compares them.
            // The line
            // breaks after 2000000 bytes of each answer: at 2000000, and at 1900544 + 2000000.
            assertThat(demo.requests().stream().flatMap(request -> request.header("Range").stream()))
                    .containsExactly("bytes=1900544-", "bytes=3801088-");
            assertThat(demo.requests()).allMatch(QuickstartTest::isAuthorized);
            assertThat(printed.toString(StandardCharsets.UTF_8))
                    .contains("429, Retry-After: 1", "Last-Event-ID: 8 -> 200", "Range: bytes=3801088- -> 206")
                    .contains("the line broke after 2000000 bytes")
                    .contains(promises);
        }
    }

    @Test
    void failsWhenThereIsNoServer() {
        String url;
        try (DemoServer gone = DemoServer.start(0, Pace.brisk())) {
            url = gone.url();
        }

        assertThatThrownBy(() -> Quickstart.run(url, out)).isInstanceOf(TransportException.class);
    }

    private static boolean isAuthorized(RecordedRequest request) {
        return request.header("Authorization").equals(Optional.of("Bearer demo-token"));
    }
}
