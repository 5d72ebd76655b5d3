package dev.headrace.spring;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** The health of remotes, as Actuator shows it: {@code headrace}, with one entry for each connector. */
@AutoConfiguration(after = HeadraceAutoConfiguration.class, before = HealthEndpointAutoConfiguration.class)
@ConditionalOnClass(ReactiveHealthContributor.class)
@ConditionalOnBean(Connectors.class)
@ConditionalOnEnabledHealthIndicator("headrace")
final class HeadraceHealthAutoConfiguration {

    /** None where nobody is to be asked: an entry without anything in it would be a riddle. */
    @Bean
    @ConditionalOnMissingBean(name = "headraceHealthContributor")
    @Nullable
    CompositeReactiveHealthContributor headraceHealthContributor(Connectors connectors, HeadraceProperties properties) {
        Map<String, ReactiveHealthIndicator> indicators = new LinkedHashMap<>();
        connectors.all().forEach((name, connector) -> {
            ConnectorProperties described = properties.connectors().get(name);
            if (described == null || described.health().enabled()) {
                indicators.put(name, new ConnectorHealthIndicator(connector));
            }
        });
        return indicators.isEmpty() ? null : CompositeReactiveHealthContributor.fromMap(indicators);
    }

    /**
     * Boot's own leaves out states that it does not know, and a remote that has become slow would be seen as fine, or as unknown. An order
     * that the application sets is kept as it is.
     */
    @Bean
    @ConditionalOnMissingBean
    StatusAggregator healthStatusAggregator(Environment environment) {
        return StatusAggregator.of(Binder.get(environment)
                .bind("management.endpoint.health.status.order", Bindable.listOf(String.class))
                .orElseGet(() -> List.of(
                        Status.DOWN.getCode(),
                        Status.OUT_OF_SERVICE.getCode(),
                        ConnectorHealthIndicator.DEGRADED.getCode(),
                        Status.UP.getCode(),
                        Status.UNKNOWN.getCode())));
    }
}
