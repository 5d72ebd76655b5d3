package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.connector.Connector;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Request;
import dev.headrace.test.EventFeed;
import dev.headrace.test.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What becomes of calls when an application stops. */
class ShutdownTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    /** Hands on what the remote says, once somebody lets it ask. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        private final Sinks.One<String> arrived = Sinks.one();
        private final Sinks.One<String> permission = Sinks.one();

        @Bean
        RouterFunction<ServerResponse> relay(Connector connector) {
            Mono<String> answer = permission.asMono().then(text(connector, "/held"));
            return RouterFunctions.route()
                    .GET("/relay", request -> {
                        arrived.tryEmitValue("arrived").orThrow();
                        return ServerResponse.ok().body(answer, String.class);
                    })
                    .build();
        }
    }

    /** Answers {@code /held} when it is told to, {@code /events} for ever. */
    private static TestServer remote(Sinks.One<String> answer) {
        return TestServer.builder()
                .route("/held", (request, response) -> response.sendString(answer.asMono()))
                .route("/events", EventFeed.endless().interval(Duration.ofMillis(20)))
                .start();
    }

    @Test
    void callUnderWayCompletesAndNewOnesAreRefused() throws Exception {
        Sinks.One<String> answer = Sinks.one();
        try (TestServer remote = remote(answer)) {
            ConfigurableApplicationContext application = start(remote, "20s");
            Connector connector = application.getBean(Connector.class);
            CompletableFuture<String> call = text(connector, "/held").toFuture();
            remote.awaitRequests(1, SOON);

            CompletableFuture<Void> closing = CompletableFuture.runAsync(application::close);
            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(() -> assertThatThrownBy(
                                    () -> text(connector, "/events").block(SOON))
                            .isInstanceOf(IllegalStateException.class));
            assertThat(call).isNotDone();
            assertThat(closing).isNotDone();
            answer.tryEmitValue("late, but there").orThrow();

            assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo("late, but there");
            closing.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void requestThatIsBeingServedMayStillCallWhenTheServerTakesNoMore() throws Exception {
        Sinks.One<String> answer = Sinks.one();
        answer.tryEmitValue("served to the end").orThrow();
        try (TestServer remote = remote(answer)) {
            ConfigurableApplicationContext running = start(remote, "20s");
            Application application = running.getBean(Application.class);
            int port = Integer.parseInt(
                    Objects.requireNonNull(running.getEnvironment().getProperty("local.server.port")));
            CompletableFuture<String> served = CompletableFuture.supplyAsync(
                    () -> Objects.requireNonNull(Apps.client(running)
                            .get()
                            .uri("/relay")
                            .exchange()
                            .expectBody(String.class)
                            .returnResult()
                            .getResponseBody()),
                    ShutdownTest::onAThread);
            assertThat(application.arrived.asMono().block(SOON)).isNotNull();

            CompletableFuture<Void> closing = CompletableFuture.runAsync(running::close, ShutdownTest::onAThread);
            Awaitility.await().atMost(SOON).until(() -> !accepts(port));
            assertThat(closing).isNotDone();
            application.permission.tryEmitValue("ask").orThrow();

            assertThat(served.get(10, TimeUnit.SECONDS)).isEqualTo("served to the end");
            closing.get(10, TimeUnit.SECONDS);
        }
    }

    /** The pool that all share has one thread on two cores, and both wait. */
    private static void onAThread(Runnable work) {
        Thread thread = new Thread(work, "shutdown-test");
        thread.setDaemon(true);
        thread.start();
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void streamWithoutEndDelaysNotBeyondTheGrace() throws Exception {
        try (TestServer remote = remote(Sinks.one())) {
            ConfigurableApplicationContext application = start(remote, "300ms");
            CompletableFuture<String> events =
                    text(application.getBean(Connector.class), "/events").toFuture();
            remote.awaitRequests(1, SOON);
            long start = System.nanoTime();

            application.close();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(250), SOON);
            assertThatThrownBy(() -> events.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(HeadraceException.class);
            remote.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void contextThatIsOnlyStoppedMayBeStartedAgain() {
        Sinks.One<String> answer = Sinks.one();
        answer.tryEmitValue("there").orThrow();
        try (TestServer remote = remote(answer)) {
            Contexts.github(remote.url()).run(context -> {
                ConfigurableApplicationContext application = context.getSourceApplicationContext();
                application.stop();
                application.start();

                assertThat(text(context.getBean(Connector.class), "/held").block(SOON))
                        .isEqualTo("there");
            });
        }
    }

    @Test
    void connectorsOfAContextThatFailsToStartAreClosed() {
        assertClosedByAFailure(Contexts.github("https://api.github.com"));
    }

    @Test
    void thoseOfTheUsersAreClosedByItAsWell() {
        assertClosedByAFailure(Contexts.core().withUserConfiguration(OwnConnectors.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnConnectors {
        @Bean
        Connectors connectors() {
            return Connectors.of(
                    Map.of("own", Connector.builder("https://own.example.com").build()));
        }

        /** Not closed by itself: that is what is tested. */
        @Bean(destroyMethod = "")
        Connector ownConnector(Connectors connectors) {
            return connectors.get("own");
        }
    }

    @Test
    void connectorsOfAParentStayOpenWhenAChildCloses() {
        Sinks.One<String> answer = Sinks.one();
        answer.tryEmitValue("there").orThrow();
        try (TestServer remote = remote(answer)) {
            Contexts.github(remote.url()).run(parent -> {
                Connector connector = parent.getBean(Connector.class);
                Contexts.github(remote.url())
                        .withParent(parent)
                        .run(child -> assertThat(child.getBean(Connector.class)).isSameAs(connector));

                assertThat(text(connector, "/held").block(SOON)).isEqualTo("there");
            });
        }
    }

    @Test
    void connectorsOfAChildAreClosedWithIt() {
        Connector[] made = new Connector[1];
        Contexts.github("https://api.github.com")
                .run(parent -> Contexts.core()
                        .withParent(parent)
                        .withUserConfiguration(OwnConnectors.class)
                        .run(child -> {
                            assertThat(child.getBeanFactory().containsLocalBean("headraceShutdown"))
                                    .isTrue();
                            made[0] = child.getBean(Connectors.class).get("own");
                        }));

        assertThatThrownBy(() -> text(made[0], "/").block(SOON)).isInstanceOf(IllegalStateException.class);
    }

    private static void assertClosedByAFailure(ApplicationContextRunner runner) {
        Connector[] made = new Connector[1];
        runner.withBean("failing", String.class, () -> {
                    throw new IllegalStateException("on purpose");
                })
                .withInitializer(context -> context.addBeanFactoryPostProcessor(factory -> {
                    factory.getBeanDefinition("failing").setDependsOn("noted");
                }))
                .withBean("noted", Noted.class, () -> new Noted(made))
                .run(context -> assertThat(context).hasFailed());

        assertThat(made[0]).isNotNull();
        assertThatThrownBy(() -> text(made[0], "/").block(SOON)).isInstanceOf(IllegalStateException.class);
    }

    /** Keeps the connector that was there when it was made. */
    static final class Noted {
        private final Connector[] made;

        Noted(Connector[] made) {
            this.made = made;
        }

        @Autowired
        void connector(Connector connector) {
            made[0] = connector;
        }
    }

    private static ConfigurableApplicationContext start(TestServer remote, String grace) {
        return Apps.start(
                Application.class,
                "headrace.shutdown-grace=" + grace,
                "headrace.connectors.remote.base-url=" + remote.url(),
                "headrace.connectors.remote.timeouts.head=30s");
    }

    private static Mono<String> text(Connector connector, String path) {
        return connector
                .exchange(Request.get(path), response -> response.readAll(1_000_000))
                .single()
                .map(body -> new String(body, StandardCharsets.UTF_8));
    }
}
