package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.observe.Observations;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** When calls are observed, and under which name. */
class ObservationsTest {

    private static final String BEAN = "headraceObservations";

    private final TestServer server = Route.fixed(200, "text/plain", "ok").start();
    private final ApplicationContextRunner github = Contexts.github(server.url())
            .withConfiguration(AutoConfigurations.of(
                    ObservationAutoConfiguration.class, HeadraceObservationAutoConfiguration.class));

    @AfterEach
    void close() {
        server.close();
    }

    /** Notes what is observed, as {@code name connector}. */
    @Configuration(proxyBeanMethods = false)
    static class Notes {

        @Bean
        List<String> notes() {
            return new CopyOnWriteArrayList<>();
        }

        @Bean
        ObservationHandler<Observation.Context> noting(List<String> notes) {
            return new ObservationHandler<>() {
                @Override
                public void onStop(Observation.Context context) {
                    notes.add(context.getName() + " "
                            + Objects.requireNonNull(context.getLowCardinalityKeyValue("connector"))
                                    .getValue());
                }

                @Override
                public boolean supportsContext(Observation.Context context) {
                    return true;
                }
            };
        }
    }

    @Test
    void callsAndAttemptsHaveTheConnectorsName() {
        github.withUserConfiguration(Notes.class).run(context -> {
            call(context.getBean(Connector.class));

            // They stop once the caller has had the last signal.
            Awaitility.await()
                    .untilAsserted(() -> assertThat(context.getBean("notes"))
                            .asInstanceOf(InstanceOfAssertFactories.LIST)
                            .containsExactlyInAnyOrder("headrace.attempt github", "headrace.call github"));
        });
    }

    @Test
    void customizerOfTheUsersMayNameOtherwise() {
        github.withUserConfiguration(Notes.class, Renaming.class).run(context -> {
            call(context.getBean(Connector.class));

            Awaitility.await()
                    .untilAsserted(() -> assertThat(context.getBean("notes"))
                            .asInstanceOf(InstanceOfAssertFactories.LIST)
                            .contains("headrace.call renamed"));
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Renaming {
        @Bean
        ConnectorCustomizer renaming(ObservationRegistry registry) {
            return (name, builder) ->
                    builder.observations(Observations.in(registry).named("renamed"));
        }
    }

    @Test
    void nothingWithoutARegistry() {
        Contexts.github(server.url())
                .withConfiguration(AutoConfigurations.of(HeadraceObservationAutoConfiguration.class))
                .run(context -> {
                    assertThat(context).doesNotHaveBean(BEAN);
                    call(context.getBean(Connector.class));
                });
    }

    @Test
    void nothingWithoutTheLibrary() {
        github.withClassLoader(new FilteredClassLoader(ObservationRegistry.class))
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(BEAN);
                    call(context.getBean(Connector.class));
                });
    }

    private static void call(Connector connector) {
        var unused = connector.exchange(Request.get("/")).block(Duration.ofSeconds(10));
    }
}
