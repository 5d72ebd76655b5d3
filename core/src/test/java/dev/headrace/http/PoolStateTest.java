package dev.headrace.http;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.Defaults;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How many connections there are. PARITY R2, R3, A55. */
class PoolStateTest {

    private static final Duration SOON = ofSeconds(10);

    @Test
    void countsWhatIsInUseIdleAndWaiting() { // R3, A55
        try (RawServer server = RawServer.replies(Reply.nothing().stall()).start();
                Transport transport = Transport.over(TransportSettings.defaults()
                        .pool(PoolSettings.defaults().maxConnections(2)))) {
            assertThat(transport.pools()).isEmpty();
            Flux.range(0, 5)
                    .flatMap(i -> transport.exchange(Request.get(server.url() + "/" + i)))
                    .onErrorComplete()
                    .subscribe();
            server.awaitRequests(2, SOON);

            assertThat(transport.pools()).containsExactly(new PoolState("127.0.0.1:" + server.port(), 2, 0, 3, 0));
            assertThat(server.connectionsAccepted()).isEqualTo(2);
        }
    }

    @Test
    void countsOneStateForEachOrigin() { // R2
        Route ok = Route.fixed(200, "text/plain", "hello");
        try (TestServer one = ok.start();
                TestServer two =
                        TestServer.builder().route("/**", ok).tls().http2().start();
                Transport transport = Transport.over(
                        TransportSettings.defaults().tls(TlsSettings.trustAll()).http2(true))) {
            discard(transport, one.url() + "/").block(SOON);
            discard(transport, two.url() + "/").block(SOON);
            Request transfer = Request.get(one.url() + "/").options(o -> o.profile(ExchangeOptions.Profile.TRANSFER));
            transport.exchange(transfer).flatMap(Response::discard).block(SOON);

            Awaitility.await()
                    .untilAsserted(() -> assertThat(transport.pools())
                            .containsExactlyInAnyOrder(
                                    new PoolState("127.0.0.1:" + one.port(), 0, 2, 0, 0),
                                    new PoolState("127.0.0.1:" + two.port(), 1, 0, 0, 0)));
        }
    }

    @Test
    void forgetsEmptyPoolsWhereThereAreMany() { // R2
        try (Transport transport = Transport.over(TransportSettings.defaults())) {
            int origins = PoolRegistry.KEPT * 2;
            // Nobody listens at these ports; a pool is made all the same.
            Flux.range(0, origins)
                    .concatMap(i -> discard(transport, "http://127.1.1." + (1 + i % 250) + ":" + (1 + i / 250) + "/")
                            .onErrorComplete())
                    .blockLast(ofSeconds(60));

            Awaitility.await()
                    .untilAsserted(() -> assertThat(transport.pools()).hasSizeLessThanOrEqualTo(PoolRegistry.KEPT));
        }
    }

    @Test
    void keepsThoseInUse() { // R2
        try (TestServer server = Route.fixed(200, "text/plain", "hello").start();
                Transport transport = Transport.over(TransportSettings.defaults())) {
            discard(transport, server.url() + "/").block(SOON);
            Flux.range(0, PoolRegistry.KEPT * 2)
                    .concatMap(i -> discard(transport, "http://127.1.1." + (1 + i % 250) + ":" + (1 + i / 250) + "/")
                            .onErrorComplete())
                    .blockLast(ofSeconds(60));
            discard(transport, server.url() + "/").block(SOON);

            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void fiftyConnectionsByDefault() { // R3, A55
        assertThat(PoolSettings.defaults().maxConnections())
                .isEqualTo(Defaults.POOL_CONNECTIONS)
                .isEqualTo(50);
    }

    private static Mono<Void> discard(Transport transport, String uri) {
        return transport.exchange(Request.get(uri)).flatMap(Response::discard);
    }
}
