package dev.headrace.spring;

import dev.headrace.observe.Observations;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Timers and traces of calls and attempts. */
@AutoConfiguration(
        before = HeadraceAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ObservationRegistry.class)
final class HeadraceObservationAutoConfiguration {

    /** Before all others, so that an application's own customizer may observe otherwise. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    ConnectorCustomizer headraceObservations(ObservationRegistry registry) {
        return (name, builder) -> builder.observations(Observations.in(registry).named(name));
    }
}
