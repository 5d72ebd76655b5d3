package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.headrace.http.Secret;
import dev.headrace.json.Json;
import dev.headrace.sse.SseEvent;
import dev.headrace.test.EventFeed;
import dev.headrace.test.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.server.ServerWebInputException;
import tools.jackson.databind.JsonNode;

class HeadraceWebFluxAutoConfigurationTest {

    private static final AutoConfigurations OURS = AutoConfigurations.of(
            HeadraceWebFluxAutoConfiguration.class, CodecsAutoConfiguration.class, WebClientAutoConfiguration.class);

    private final ApplicationContextRunner plain = new ApplicationContextRunner().withConfiguration(OURS);

    @Test
    void letsWebClientReadEvents() {
        plain.run(context -> {
            try (TestServer server = EventFeed.of(2).start()) {
                assertThat(context.getBean(WebClient.Builder.class)
                                .build()
                                .get()
                                .uri(server.url())
                                .retrieve()
                                .bodyToFlux(SseEvent.class)
                                .collectList()
                                .block(Duration.ofSeconds(20)))
                        .containsExactly(
                                new SseEvent("1", "message", "{\"n\":1}"), new SseEvent("2", "message", "{\"n\":2}"));
            }
        });
    }

    @Test
    void servesOnlyWhereSomethingIsServed() {
        plain.run(context -> assertThat(context).doesNotHaveBean(MessageStreamResultHandler.class));
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(OURS)
                .withConfiguration(AutoConfigurations.of(WebFluxAutoConfiguration.class))
                .run(context -> assertThat(context).hasSingleBean(MessageStreamResultHandler.class));
    }

    @Test
    void signsByTheKeyThatInstancesShareOrByOneOfTheProcess() {
        JsonNode state = Json.tree("{\"page\":2}");
        String shared = StateIds.signedBy(Secret.of("a key of all instances"))
                .id("numbers", state)
                .orElseThrow();
        ReactiveWebApplicationContextRunner web = new ReactiveWebApplicationContextRunner()
                .withConfiguration(OURS)
                .withConfiguration(AutoConfigurations.of(WebFluxAutoConfiguration.class));

        web.withPropertyValues("headrace.sse.signing-key=a key of all instances")
                .run(context -> assertThat(context.getBean(StateIds.class).state("numbers", shared))
                        .isEqualTo(state));
        web.run(context -> assertThatExceptionOfType(ServerWebInputException.class)
                .isThrownBy(() -> context.getBean(StateIds.class).state("numbers", shared)));
    }

    @Test
    void givesWayToBeansOfTheUsers() {
        SseEventWriter own = SseEventWriter.create().heartbeat(Duration.ZERO);

        plain.withBean(SseEventWriter.class, () -> own)
                .run(context ->
                        assertThat(context.getBean(SseEventWriter.class)).isSameAs(own));
    }

    @Test
    void hasAHeartbeatEvery15SecondsUnlessItIsSet() {
        plain.run(context -> assertThat(context.getBean(SseEventWriter.class))
                .hasToString("SseEventWriter[a heartbeat every PT15S]"));
        plain.withPropertyValues("headrace.sse.heartbeat=0")
                .run(context ->
                        assertThat(context.getBean(SseEventWriter.class)).hasToString("SseEventWriter[no heartbeat]"));
    }

    @Test
    void doesWithoutWhatIsNotThere() {
        plain.withClassLoader(new FilteredClassLoader(HttpMessageWriter.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(SseEventWriter.class));
        plain.withClassLoader(new FilteredClassLoader(CodecCustomizer.class))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(SseEventWriter.class));
    }
}
