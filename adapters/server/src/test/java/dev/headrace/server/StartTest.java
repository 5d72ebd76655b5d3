package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class StartTest {

    private static final CapabilityServer SERVER = CapabilityServer.of(Acme.integration());

    @Test
    void listensOnLoopbackOnly() {
        try (RunningServer server = CapabilityServer.bind(Acme.integration(), 0)) {
            assertThat(server.uri().toString()).isEqualTo("http://127.0.0.1:" + server.port());
            assertThat(new HttpCaller(server).get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void listensWhereItIsTold() {
        try (RunningServer server = Acme.started(SERVER.host("0.0.0.0").port(0))) {
            assertThat(server.uri().toString()).isEqualTo("http://127.0.0.1:" + server.port());
            assertThat(new HttpCaller(server).get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void readsForThoseWhoCancelOnceTheServerIsThere() {
        Mono<RunningServer> start = CapabilityServer.of(Acme.streaming(Flux.just(Acme.record(1))))
                .port(0)
                .unprotected()
                .start();

        try (RunningServer server = Objects.requireNonNull(start.flux().take(1).blockLast())) {
            assertThat(new HttpCaller(server).post("/read", "{}").body()).isEqualTo(Acme.line(1) + "\n");
        }
    }

    @Test
    void saysThatThePortIsInUse() {
        try (RunningServer first = Acme.serving(Acme.integration())) {
            StepVerifier.create(SERVER.port(first.port()).start()).verifyErrorSatisfies(failure -> {
                assertThat(failure)
                        .isInstanceOf(HeadraceException.class)
                        .hasMessage("The port " + first.port() + " is in use; choose another");
                assertThat(((HeadraceException) failure).kind()).isEqualTo(FailureKind.LOCAL);
            });
        }
    }

    @Test
    void saysThatTheHostIsNotOfThisMachine() {
        StepVerifier.create(SERVER.host("192.0.2.1").port(0).start()).verifyErrorSatisfies(failure -> {
            assertThat(failure).isInstanceOf(HeadraceException.class).hasMessageContaining("192.0.2.1");
            assertThat(((HeadraceException) failure).kind()).isEqualTo(FailureKind.LOCAL);
        });
    }

    @Test
    void saysThatTheHostIsNotKnown() {
        StepVerifier.create(SERVER.host("nobody.invalid").port(0).start()).verifyErrorSatisfies(failure -> {
            assertThat(failure).isInstanceOf(HeadraceException.class).hasMessageContaining("nobody.invalid");
            assertThat(((HeadraceException) failure).kind()).isEqualTo(FailureKind.LOCAL);
        });
    }

    @Test
    void doesNothingBeforeSubscription() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Mono<RunningServer> start = SERVER.port(port).start();

        try (ServerSocket stillFree = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(stillFree.isBound()).isTrue();
        }
        try (RunningServer one = start.block()) {
            assertThat(one).isNotNull();
        }
    }

    @Test
    void startsOneForEachSubscription() {
        Mono<RunningServer> start = SERVER.port(0).start();

        try (RunningServer one = start.block();
                RunningServer other = start.block()) {
            assertThat(one).isNotNull();
            assertThat(other).isNotNull();
            assertThat(one.port()).isNotEqualTo(other.port());
        }
    }

    @Test
    void changesNoServerThatThereIs() {
        CapabilityServer other = SERVER.port(1).host("localhost");

        assertThat(SERVER.toString()).isEqualTo("CapabilityServer[acme on 127.0.0.1:8000]");
        assertThat(other.toString()).isEqualTo("CapabilityServer[acme on localhost:1]");
    }

    @Test
    void refusesSettingsThatCannotBe() {
        wrong(() -> SERVER.port(-1), "port");
        wrong(() -> SERVER.port(65_536), "port");
        wrong(() -> SERVER.host(" "), "host");
        wrong(() -> SERVER.bodyLimit(0), "bodyLimit");
        wrong(() -> SERVER.headLimit(0), "headLimit");
        wrong(() -> SERVER.maxConcurrent(0), "maxConcurrent");
        wrong(() -> SERVER.requestTimeout(Duration.ZERO), "requestTimeout");
        wrong(() -> SERVER.callTimeout(Duration.ofNanos(1)), "callTimeout");
        wrong(() -> SERVER.idleTimeout(Duration.ofMillis(-1)), "idleTimeout");
        wrong(() -> SERVER.stallTimeout(Duration.ZERO), "stallTimeout");
    }

    private static void wrong(Runnable setting, String name) {
        assertThatThrownBy(setting::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }
}
