package dev.headrace.http;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Connections that nobody holds any more, as a disposed pool may leave them behind. */
class OpenConnectionsTest {

    private static final Duration SOON = ofSeconds(30);

    private final OpenConnections connections = new OpenConnections();

    @Test
    void closesWhatNobodyHolds() {
        try (RawServer server = RawServer.replies(Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"))
                .start()) {
            assertThat(forget(server)).isNotNull();
            assertThat(server.openConnections()).isEqualTo(1);

            Mono<Void> closed = connections.whenClosed();
            connections.close();

            closed.block(SOON);
            server.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void closesWhatIsOpenedLater() {
        try (RawServer server = RawServer.replies(Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"))
                .start()) {
            connections.close();

            assertThatThrownBy(() -> forget(server)).hasRootCauseInstanceOf(IOException.class);

            server.awaitNoOpenConnections(SOON);
        }
    }

    private @Nullable Connection forget(RawServer server) {
        return HttpClient.create(ConnectionProvider.newConnection())
                .disableRetry(true)
                .doOnChannelInit((observer, channel, remote) -> connections.track(channel))
                .get()
                .uri(server.url() + "/")
                .responseConnection((response, connection) -> Mono.just(connection))
                .next()
                .block(SOON);
    }
}
